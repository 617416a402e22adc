import { writtenOtherwise } from '../../../base/written-otherwise.js';

/** What a list that names no file of the root by `name` may have meant by it; empty where nothing is like it. */
export function likelyName(name: string, known: ReadonlyMap<string, unknown>): string {
  const names = [...known.keys()];
  const same = writtenOtherwise(name, names);
  if (same !== undefined) return `; ${same}`;
  const longer = names.find((other) => name.endsWith(`/${other}`));
  if (longer !== undefined) return `; names are relative to \`root\`: ${longer}`;
  const ends = names.filter((other) => other.startsWith(`${name}.`) || other.endsWith(`/${name}`));
  if (ends.length > 1) return `; there are ${ends.length} that may be meant, such as ${ends[0]}`;
  return ends[0] === undefined ? '' : `; did you mean ${ends[0]}?`;
}
