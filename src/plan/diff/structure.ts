import { digestOf, type Json } from '../../base/canonical.js';
import { secretIn } from '../../base/secret.js';
import type { StagePoint } from '../plan.js';
import { codeInKey } from '../point-code.js';

/** What stands for an artifact and for a file in a value whose names do not matter. */
export interface Stand {
  readonly input: (id: string) => Json;
  readonly content: (path: string, kind: 'file' | 'folder') => Json;
}

type Tagged = Readonly<Record<string, Json>>;

/** A resolved value with its artifacts and files replaced. */
export function withStand(value: Json, stand: Stand): Json {
  if (value === null || typeof value !== 'object') return value;
  const inside = (v: Json): Json => withStand(v, stand);
  if (Array.isArray(value)) return value.map(inside);
  const record = value as Tagged;
  if ('input' in record) return { artifact: stand.input(String(record.input)) };
  if ('metric' in record) {
    const [id = '', field = ''] = record.metric as readonly string[];
    return { metric: field, of: stand.input(id) };
  }
  const secret = secretIn(record);
  if (secret) return { env: { secret: secret.digest } };
  for (const kind of ['file', 'folder'] as const) {
    if (kind in record) return { [kind]: stand.content(String(record[kind]), kind) };
  }
  // The arguments of a description are parameters: their names are no tags.
  if ('describe' in record) {
    const { module } = record;
    const made = module === undefined ? {} : { module: inside(module) };
    return { ...record, ...made, args: fieldsOf(record.args as Tagged, inside) };
  }
  if ('record' in record) return { record: fieldsOf(record.record as Tagged, inside) };
  return fieldsOf(record, inside);
}

function fieldsOf(record: Tagged, inside: (value: Json) => Json): Json {
  return Object.fromEntries(Object.entries(record).map(([name, field]) => [name, inside(field)]));
}

/** The digest of a file or folder, or undefined when it cannot be read. */
export type KnownContents = (path: string, kind: 'file' | 'folder') => string | undefined;

/** The content of a file where it is known, else its path. */
export function contentOrPath(contents: KnownContents): Stand['content'] {
  return (path, kind) => contents(path, kind) ?? path;
}

/** For a stage of the user's own: what its code means. */
export function codeMeaning(
  { code }: StagePoint,
  contents: KnownContents,
): { readonly code?: Json } {
  return code ? { code: codeInKey(code, (path, kind) => contents(path, kind) ?? path) } : {};
}

/**
 * What each point means, whatever names it has: the digest of its stage, its parameters and what
 * its inputs mean. Two files with the same digests are the same experiment. `points` stand in
 * dependency order.
 */
export function structuresOf(
  points: readonly StagePoint[],
  contents: KnownContents,
): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const stand: Stand = {
    input: (id) => digests.get(id) ?? id,
    content: contentOrPath(contents),
  };
  for (const point of points) {
    const { id, stage, version, params } = point;
    const code = codeMeaning(point, contents);
    const meaning = { stage, version, params: withStand({ record: params }, stand), ...code };
    digests.set(id, digestOf('ssp-structure/1', meaning));
  }
  return digests;
}
