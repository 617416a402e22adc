import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SspError } from '../../../base/errors.js';
import type { StageContext } from '../../stage.js';
import type { DigestJob } from './digest-thread.js';
import { damaged, type FilesAt, type PublishedFile, type PublishedSet } from './published-set.js';

/** A file that is there. */
interface Found extends PublishedFile {
  readonly path: string;
  readonly length: number;
}

/** A file of which a digest is published. */
interface Asked extends Found, DigestJob {
  readonly expected: string;
}

type Context = Pick<StageContext<unknown>, 'progress' | 'threads'>;

/**
 * Holds files against what is published of them: sizes, then digests, which threads of their own take.
 * @throws SspError `data-damaged` that names the first that is another one.
 */
export async function checkPublished(
  files: FilesAt,
  set: PublishedSet,
  context: Context,
): Promise<void> {
  await checkDigests(withSizes(files, set), set, context);
}

/**
 * Reads a data set, with `check: "published"` while digests of its files are taken: `read` waits for
 * `checked` before it leaves what it has read. That files are not the published ones is told, whatever
 * else is wrong with them.
 * @throws SspError `data-damaged`, as {@link checkPublished}, and what `read` throws.
 */
export async function readChecked<T>(
  check: 'published' | 'layout',
  { files, set }: { readonly files: FilesAt; readonly set: PublishedSet },
  { threads }: Context,
  read: (checked: Promise<void>) => Promise<T>,
): Promise<T> {
  if (check === 'layout') return read(Promise.resolve());
  const found = withSizes(files, set);
  // What is read tells how far it is.
  const checked = checkDigests(found, set, { threads, progress() {} });
  const [, done] = await Promise.allSettled([checked, read(checked)]);
  await checked;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/** The files of a data set that are there, each of the size that is published of it. */
function withSizes(files: FilesAt, set: PublishedSet): readonly Found[] {
  return set.files.flatMap((file) => {
    const path = files.get(file.name);
    if (path === undefined) return [];
    const length = statSync(path).size;
    if (file.bytes === undefined || file.bytes === length) return [{ ...file, path, length }];
    const has = `has ${number(length)} bytes; the published file has ${number(file.bytes)}`;
    throw damaged(path, has, set);
  });
}

async function checkDigests(
  found: readonly Found[],
  set: PublishedSet,
  { progress, threads }: Context,
): Promise<void> {
  const asked = found.flatMap((file): readonly Asked[] => {
    if (file.md5 !== undefined) return [{ ...file, expected: file.md5, algorithm: 'md5' }];
    if (file.sha1 !== undefined) return [{ ...file, expected: file.sha1, algorithm: 'sha1' }];
    return [];
  });
  const total = asked.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  const todo = asked.entries();
  const others = new Map<number, SspError>();
  const takeOneAfterAnother = async (): Promise<void> => {
    for (const [place, { path, algorithm, expected }] of todo) {
      const digest = await digestOf({ path, algorithm }, (bytes) => {
        done += bytes;
        progress({ unit: 'byte', done, total });
      });
      const kind = algorithm === 'md5' ? 'MD5' : 'SHA-1';
      const is = `is not the published file: its ${kind} is ${digest}, expected ${expected}`;
      if (digest !== expected) others.set(place, damaged(path, is, set));
      if (others.size > 0) return;
    }
  };
  await Promise.all(Array.from({ length: threads }, takeOneAfterAnother));
  // Those before it were taken before, and waited for.
  const first = others.get(Math.min(...others.keys()));
  if (first !== undefined) throw first;
}

function digestOf(
  { path, algorithm }: DigestJob,
  onRead: (bytes: number) => void,
): Promise<string> {
  const workerData: DigestJob = { path, algorithm };
  const thread = new Worker(new URL('./digest-thread.js', import.meta.url), { workerData });
  return new Promise((done, failed) => {
    thread.on('message', (said: number | string) => {
      if (typeof said === 'number') onRead(said);
      else done(said);
    });
    thread.on('error', failed);
    thread.on('exit', (code) => failed(new Error(`the digest of ${path} ended with ${code}`)));
  });
}

const number = (value: number): string => value.toLocaleString('en');
