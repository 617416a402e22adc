import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { lockKey } from '../../src/execute/store/key-lock.js';
import { Store } from '../../src/execute/store/store.js';
import { sweep } from '../../src/execute/store/sweep.js';
import { folder } from './lab.js';

const key = 'a'.repeat(64);
/** A process number that no process has here. */
const gone = 2 ** 22 + 1;
const host = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '_');

/** A folder that a process has made for its stage, in another namespace of processes or in none. */
function working(store: Store, space: string): string {
  const path = join(store.root, 'tmp', [key, host, gone, 1, 1, space].join('@'));
  mkdirSync(path, { recursive: true });
  return path;
}

function age(path: string, hours: number): void {
  const then = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, then, then);
}

it('removes what a process that is gone has left here', () => {
  const store = new Store(folder());
  const [, , , , , space = ''] = store.temporary('x').split('@');
  const paths = [working(store, space), working(store, '')];
  sweep(store);
  expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
});

it('leaves the work of another container alone until it is old and nobody holds its key', () => {
  const store = new Store(folder());
  const path = working(store, 'elsewhere');
  sweep(store);
  expect(existsSync(path)).toBe(true);
  age(path, 48);
  const lock = store.lockPath(key);
  mkdirSync(dirname(lock), { recursive: true });
  const holder = { pid: gone, start: '1', host: hostname(), space: 'elsewhere' };
  writeFileSync(lock, JSON.stringify(holder));
  sweep(store);
  expect(existsSync(path)).toBe(true);
  expect(lockKey(store, key)).toBeUndefined();
  age(lock, 1);
  sweep(store);
  expect([existsSync(path), existsSync(lock)]).toEqual([false, false]);
});
