import { readFileSync } from 'node:fs';
import { isRecord } from '../../base/own.js';
import { readJson } from '../../base/read-json.js';
import type { ImagesPart } from '../../language/types.js';
import type { StagePoint } from '../../plan/plan.js';
import type { Blob, Output } from '../record.js';
import type { Store } from '../store/store.js';

/** A stage that cannot succeed with a result that it waits for. */
export interface WrongReader {
  readonly point: StagePoint;
  readonly failure: { readonly code: string; readonly message: string; readonly help: string };
}

/**
 * The stages that name an attribute or a split that the images they read do not have: known as soon
 * as the images are there, and so before what else these stages wait for. Of images that cannot be
 * read nothing is said here.
 */
export function wrongNames(
  made: { readonly id: string; readonly output: Output },
  readers: readonly StagePoint[],
  store: Store,
): readonly WrongReader[] {
  const named = readers.flatMap((point) =>
    (point.names ?? [])
      .filter(({ of }) => isInput(point.params[of], made.id))
      .map(({ param, part }) => ({ point, param, part, name: point.params[param] })),
  );
  const blob = made.output.files['items.json'];
  const known = named.length > 0 && blob ? namesIn(blob, store) : undefined;
  if (!known) return [];
  return named.flatMap(({ point, param, part, name }) => {
    if (typeof name !== 'string' || known[part].has(name)) return [];
    const what = part === 'splits' ? 'split' : 'attribute';
    const { file, line } = point.places[`params.${param}`] ?? point.at;
    const there = [...known[part]].map((other) => `\`${other}\``).join(', ') || 'none';
    const message = `the images of \`${made.id}\` have no ${what} \`${name}\` (\`${param}\`, ${file}:${line})`;
    return [{ point, failure: { code: 'not-in-images', message, help: `they have ${there}` } }];
  });
}

const isInput = (value: unknown, id: string): boolean =>
  isRecord(value) && Object.hasOwn(value, 'input') && value.input === id;

function namesIn(
  blob: Blob,
  store: Store,
): Readonly<Record<ImagesPart, ReadonlySet<string>>> | undefined {
  if (!store.hasSize(blob)) return undefined;
  const read = readJson(readFileSync(store.blobPath(blob.digest)), { repeated: true });
  const file = 'fault' in read ? undefined : read.value;
  if (!isRecord(file) || !isRecord(file.values) || !Array.isArray(file.items)) return undefined;
  const splits = file.items.map((item: unknown) => (isRecord(item) ? item.split : undefined));
  return {
    attributes: new Set(Object.keys(file.values)),
    splits: new Set(splits.filter((split) => typeof split === 'string')),
  };
}
