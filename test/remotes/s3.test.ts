import { buffer } from 'node:stream/consumers';
import { AwsClient } from 'aws4fetch';
import { expect, it } from 'vitest';
import { bytesContent } from '../../src/execute/remote/remote.js';
import { s3Remote } from '../../src/execute/remote/s3-remote.js';
import { sendEntries } from '../../src/execute/remote/send-entries.js';
import { Store } from '../../src/execute/store/store.js';
import { folder } from '../execute/lab.js';
import { checkRemote, entryOf, sha256 } from '../execute/remote/contract.js';
import { bucket } from './bucket.js';

it('shares results by S3', async () => {
  const { endpoint, env } = await bucket();
  const anna = new AwsClient({ accessKeyId: 'anna', secretAccessKey: 'secret', service: 's3' });
  await checkRemote(
    s3Remote('s3://lab/ssp', env),
    async () => s3Remote('s3://lab/ssp/', env),
    async (part, name, bytes) => {
      const url = `${endpoint}/lab/ssp/${part}/${name}`;
      const done = bytes
        ? await anna.fetch(url, { method: 'PUT', body: String(bytes) })
        : await anna.fetch(url, { method: 'DELETE' });
      expect(done.ok).toBe(true);
    },
  );
});

it('is refused by the server where something has the name, so that nothing is replaced', async () => {
  const { env } = await bucket();
  const remote = s3Remote('s3://lab', env);
  const name = sha256('first');
  const put = (text: string) => remote.putIfAbsent('ac', name, bytesContent(Buffer.from(text)));
  const puts = await Promise.all(['first', 'second', 'third', 'fourth'].map(put));
  expect(puts.filter(Boolean)).toHaveLength(1);
  const first = String(await remote.get('ac', name).then((stream) => stream && buffer(stream)));
  expect(await put('fifth')).toBe(false);
  expect(String(await remote.get('ac', name).then((stream) => stream && buffer(stream)))).toBe(
    first,
  );
});

it('lists more than a page, and sends nothing where another store has the same', async () => {
  const { env } = await bucket();
  const entries = Array.from({ length: 2100 }, (_, n) => entryOf(n));
  const remote = s3Remote('s3://lab/many', env);
  await sendEntries(remote, new Store(folder()), entries);
  expect(new Set(await remote.list('ac')).size).toBe(2100);
  const sent = await sendEntries(remote, new Store(folder()), entries);
  expect(sent).toEqual({ sent: 0, there: 2100, bytes: 0 });
});

it('says what is missing', async () => {
  const { env } = await bucket();
  expect(() => s3Remote('s3://lab', {})).toThrow(/needs AWS_ACCESS_KEY_ID/);
  await expect(s3Remote('s3://none/x', env).get('ac', sha256(''))).rejects.toThrow(
    /no bucket none/,
  );
});
