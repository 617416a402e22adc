import { relative } from 'node:path';
import { breather } from '../../base/breather.js';
import type { StageRecord } from '../record.js';
import { contentAsIs } from '../store/content-as-is.js';
import { lstatAt } from '../store/entry.js';
import type { Store } from '../store/store.js';
import { type Inventory, takeInventory } from './inventory.js';
import { recordAsIs } from './record-as-is.js';

/** An entry of a store that is not what was written. */
export interface Wrong {
  readonly what: 'record' | 'content';
  /** In the store. */
  readonly path: string;
  /** In words that go on from the path. */
  readonly wrong: string;
  /** Points whose results it spoils, by their ids. */
  readonly of: readonly string[];
}

export interface Verified {
  /** Records and files of content that were looked at, and bytes of content that were read. */
  readonly records: number;
  readonly files: number;
  readonly bytes: number;
  readonly wrong: readonly Wrong[];
  /** Paths in the store that were put aside: what they were is a miss now. */
  readonly aside: readonly string[];
}

export interface VerifyOptions {
  /** Looks at these results alone. */
  readonly keys?: ReadonlySet<string> | undefined;
  /** Puts aside what is wrong. */
  readonly repair: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Holds every record of a store against its form, its sum and its key, and reads every file of content
 * to compare it with its name.
 */
export async function verify(
  store: Store,
  { keys, repair, signal }: VerifyOptions,
): Promise<Verified> {
  const inventory = takeInventory(store);
  const chosen = keys === undefined ? () => true : (key: string) => keys.has(key);
  const damaged = inventory.damaged.filter(({ key }) => chosen(key));
  const results = [...inventory.results].filter(([key]) => chosen(key));
  const wrong: Wrong[] = [];
  const paths: string[] = [];
  const find = (path: string, found: Omit<Wrong, 'path'>): void => {
    wrong.push({ path: relative(store.root, path), ...found });
    paths.push(path);
  };
  for (const { key, path } of damaged) {
    const read = recordAsIs(store, key);
    if ('wrong' in read) find(path, { what: 'record', wrong: read.wrong, of: [] });
  }
  const { contents, bytes } = await readContents(store, inventory, results, keys, signal);
  for (const { digest, why, of } of contents.wrong) {
    find(store.blobPath(digest), { what: 'content', wrong: why, of: of.map(({ id }) => id) });
    // Without its content a record says nothing.
    for (const { key } of of) paths.push(store.recordPath(key));
  }
  const aside = repair ? [...new Set(paths)].filter((path) => putAside(store, path)) : [];
  return {
    records: damaged.length + results.length,
    files: contents.read,
    bytes,
    wrong,
    aside: aside.map((path) => relative(store.root, path)),
  };
}

interface WrongContent {
  readonly digest: string;
  readonly why: string;
  readonly of: readonly StageRecord[];
}

/** Reads the content that results name; of a whole store also what no result names. */
async function readContents(
  store: Store,
  { blobs }: Inventory,
  results: readonly (readonly [string, { readonly record: StageRecord }])[],
  keys: ReadonlySet<string> | undefined,
  signal: AbortSignal | undefined,
) {
  const of = new Map<
    string,
    { readonly size: number | undefined; readonly records: StageRecord[] }
  >();
  for (const [, { record }] of results) {
    for (const { digest, size } of Object.values(record.output.files)) {
      const known = of.get(digest);
      if (known === undefined) of.set(digest, { size, records: [record] });
      else if (known.records.at(-1) !== record) known.records.push(record);
    }
  }
  if (keys === undefined) {
    for (const digest of blobs.keys())
      if (!of.has(digest)) of.set(digest, { size: undefined, records: [] });
  }
  const wrong: WrongContent[] = [];
  let [read, bytes] = [0, 0];
  const breathe = breather(signal);
  for (const [digest, { size, records }] of of) {
    await breathe();
    const found = await contentAsIs(store, digest, size, signal);
    if (found.bytes !== undefined) read += 1;
    bytes += found.bytes ?? 0;
    if (found.wrong !== undefined) wrong.push({ digest, why: found.wrong, of: records });
  }
  return { contents: { wrong, read }, bytes };
}

/** Puts an entry aside; false where there is none, or it cannot be moved. */
function putAside(store: Store, path: string): boolean {
  if (lstatAt(path) === undefined) return false;
  store.quarantine(path);
  return lstatAt(path) === undefined;
}
