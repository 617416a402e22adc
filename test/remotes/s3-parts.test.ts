import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { SspError } from '../../src/base/errors.js';
import { s3Remote } from '../../src/execute/remote/s3-remote.js';
import { sendEntries } from '../../src/execute/remote/send-entries.js';
import { Store } from '../../src/execute/store/store.js';
import { folder } from '../execute/lab.js';
import { entryOf, sha256, wholeEntries } from '../execute/remote/contract.js';
import { bucket } from './bucket.js';
import { type Fault, faultProxy } from './fault-proxy.js';

/** The smallest that S3 takes. Bytes. */
const PART = 5 * 2 ** 20;
const address = 's3://lab/ssp';

/** A store with one result, whose file goes in three parts. */
function made() {
  const bytes = randomBytes(2 * PART + 12_345);
  const record = entryOf(1, { large: bytes });
  const store = new Store(join(folder(), 'store'));
  store.prepare();
  const path = store.blobPath(sha256(bytes));
  store.replace(path, '', false);
  writeFileSync(path, bytes);
  store.putRecord(record);
  return { store, record, bytes, path, name: sha256(bytes) };
}

/** Keys of uploads that were begun and neither ended nor given up. */
async function unfinished(endpoint: string): Promise<number> {
  const text = await (await fetch(`${endpoint}/lab?uploads`)).text();
  return [...text.matchAll(/<UploadId>/g)].length;
}

/** Forgets all that a server of moto has. */
async function emptied(endpoint: string): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  await fetch(`${endpoint}/lab`, { method: 'PUT' });
}

it('sends a file of more than a part in parts, once, whoever sends it', async () => {
  const { env, endpoint } = await bucket();
  const { bytes, path, name } = made();
  const direct = s3Remote(address, env, PART);
  const file = { path, size: bytes.length };
  // Begun, three parts, and what puts them together: somebody else has been quicker with all of it.
  const meanwhile = () => direct.putIfAbsent('cas', name, file);
  const proxy = await faultProxy(endpoint, { at: 5, meanwhile });
  const remote = s3Remote(address, { ...env, AWS_ENDPOINT_URL: proxy.endpoint }, PART);
  expect(await remote.putIfAbsent('cas', name, file)).toBe(false);
  expect(proxy.asked.map((one) => one.replace(/.*\?/, '').replace(/uploadId=.*/, ''))).toEqual([
    'uploads=',
    'partNumber=1&',
    'partNumber=2&',
    'partNumber=3&',
    '',
    '',
  ]);
  const got = await remote.get('cas', name);
  expect(got && (await buffer(got)).equals(bytes)).toBe(true);
  expect(await unfinished(endpoint)).toBe(0);
  expect(await remote.list('cas')).toEqual([name]);
});

it('gives an upload up that fails, so that nothing of it stays', async () => {
  const { env, endpoint } = await bucket();
  const { bytes, path, name } = made();
  for (const at of [2, 3, 5]) {
    const proxy = await faultProxy(endpoint, { at, fault: 'refused' });
    const remote = s3Remote(address, { ...env, AWS_ENDPOINT_URL: proxy.endpoint }, PART);
    const put = remote.putIfAbsent('cas', name, { path, size: bytes.length });
    await expect(put).rejects.toThrow(/403/);
    expect(await unfinished(endpoint)).toBe(0);
    expect(await remote.has('cas', name)).toBe(false);
  }
  const remote = s3Remote(address, env, PART);
  const other = sha256('other');
  const put = (size: number) => remote.putIfAbsent('cas', other, { path, size });
  await expect(put(bytes.length)).rejects.toThrow(/was damaged/);
  expect(await remote.has('cas', other)).toBe(false);
  expect(await unfinished(endpoint)).toBe(0);
  await expect(put(10_000 * 5 * 2 ** 30 + 1)).rejects.toThrow(
    /takes files of 10000 parts of 5 GiB/,
  );
});

const faults: readonly Fault[] = ['before', 'middle', 'after'];

it('gets over any request that fails once', async () => {
  const { env, endpoint } = await bucket();
  const { store, record } = made();
  let failed = 0;
  for (const fault of faults) {
    for (let at = 1; ; at += 1) {
      await emptied(endpoint);
      const proxy = await faultProxy(endpoint, { at, fault });
      const remote = s3Remote(address, { ...env, AWS_ENDPOINT_URL: proxy.endpoint }, PART);
      await sendEntries(remote, store, [record], { recheck: true });
      expect(await wholeEntries(s3Remote(address, env))).toBe(1);
      const request = proxy.asked[at - 1];
      if (request === undefined) break;
      failed += 1;
      // Nobody knows the upload whose name was in the answer that was lost.
      const lost = fault === 'after' && request.endsWith('?uploads=');
      expect(await unfinished(endpoint)).toBe(lost ? 1 : 0);
    }
  }
  expect(failed).toBe(24);
});

it('shows whole entries alone when any request fails, and all after it', async () => {
  const { env, endpoint } = await bucket();
  const { store, record } = made();
  const direct = s3Remote(address, env, PART);
  let failed = 0;
  for (const fault of faults) {
    for (let at = 1; ; at += 1) {
      await emptied(endpoint);
      const proxy = await faultProxy(endpoint, { at, fault, always: true });
      const remote = s3Remote(address, { ...env, AWS_ENDPOINT_URL: proxy.endpoint }, PART);
      const outcome = await sendEntries(remote, store, [record], { recheck: true }).catch(
        (error) => error,
      );
      await wholeEntries(direct);
      if (!(outcome instanceof SspError)) break;
      failed += 1;
      // Whatever is left there, a later push completes it.
      await sendEntries(direct, store, [record], { recheck: true });
      expect(await wholeEntries(direct)).toBe(1);
    }
  }
  expect(failed).toBe(24);
});
