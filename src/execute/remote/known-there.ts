import { createHash, randomInt } from 'node:crypto';
import type { Store } from '../store/store.js';
import { isDigest } from '../store/stored-form.js';
import { eachAtOnce, type Remote } from './remote.js';

/** So many of the entries that a remote is remembered to have are asked for. */
const SAMPLE = 5;

/** The entries that a remote is known to have. */
export interface KnownThere {
  /** Which of these keys it has. */
  of(keys: readonly string[]): Promise<ReadonlySet<string>>;
  add(key: string): void;
  forget(): void;
  /** Keeps what is known for later. */
  remember(): void;
}

/**
 * What a remote has of some keys, with few requests. The store remembers what was sent there or found
 * there. That is a hint: a few of the entries are asked for, and where one is gone all of it is
 * forgotten. What is not remembered is looked up in a listing, or asked for one by one.
 */
export function knownThere(store: Store, remote: Remote): KnownThere {
  const name = createHash('sha256').update(`ssp-remote/1\n${remote.id}`).digest('hex');
  let known = new Set((store.memory.read(name) ?? '').split('\n').filter(isDigest));
  const before = known.size;
  return {
    of: async (keys) => {
      const remembered = keys.filter((key) => known.has(key));
      if (!(await sampleIsThere(remote, remembered))) known = new Set();
      const open = keys.filter((key) => !known.has(key));
      if (open.length > 0) {
        for (const key of await lookedUp(remote, open)) known.add(key);
      }
      return new Set(keys.filter((key) => known.has(key)));
    },
    add: (key) => known.add(key),
    forget: () => known.clear(),
    remember: () => {
      if (known.size === before) return;
      store.prepare();
      store.memory.write(name, [...known].sort().join('\n'));
    },
  };
}

async function sampleIsThere(remote: Remote, keys: readonly string[]): Promise<boolean> {
  if (keys.length === 0) return true;
  const sample = new Set<string>();
  const wanted = Math.min(SAMPLE, keys.length);
  // Which ones is nobody's to foresee.
  while (sample.size < wanted) sample.add(keys[randomInt(keys.length)] ?? '');
  const found = await Promise.all([...sample].map((key) => remote.has('ac', key)));
  return found.every(Boolean);
}

/** Up to so many keys are asked for one by one where there is a listing too. */
const FEW = 10;

async function lookedUp(remote: Remote, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length > FEW) {
    const all = await remote.list('ac');
    if (all !== undefined) {
      const there = new Set(all);
      return keys.filter((key) => there.has(key));
    }
  }
  const found: string[] = [];
  await eachAtOnce(keys, async (key) => {
    if (await remote.has('ac', key)) found.push(key);
  });
  return found;
}
