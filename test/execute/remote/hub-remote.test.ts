import { expect, it } from 'vitest';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { hubRemote } from '../../../src/execute/remote/hub-remote.js';
import { bytesContent } from '../../../src/execute/remote/remote.js';
import { sendEntries } from '../../../src/execute/remote/send-entries.js';
import { Store } from '../../../src/execute/store/store.js';
import { folder } from '../lab.js';
import { checkRemote, entryOf, sha256 } from './contract.js';
import { hubServer } from './hub-server.js';

const address = 'hf://datasets/lab/study';

it('publishes results on the Hub, and takes them from there', async () => {
  const { env, files } = await hubServer();
  await checkRemote(
    hubRemote(address, env),
    async () => hubRemote(address, env),
    async (part, name, bytes) => {
      const path = `${part}/${name.slice(0, 2)}/${name}`;
      if (bytes) files.set(path, { bytes });
      else files.delete(path);
    },
  );
  expect([...files.values()].filter((file) => 'oid' in file)).toHaveLength(2);
});

it('sends a file in the parts that the Hub asks for', async () => {
  const { env, files } = await hubServer({ chunk: 1_000_000 });
  await checkRemote(hubRemote(address, env), async () => hubRemote(address, env));
  expect([...files.values()].filter((file) => 'oid' in file)).toHaveLength(2);
});

it('sends nothing of a file that one request cannot carry', async () => {
  const { env, files } = await hubServer();
  const remote = hubRemote(address, env);
  const file = { path: '/nowhere', size: 5 * 2 ** 30 + 1 };
  expect(await remote.putIfAbsent('cas', sha256('large'), file)).toBe(true);
  await expect(remote.close?.()).rejects.toThrow(
    /takes 5 GiB by one request, not 5368709121 bytes/,
  );
  expect(files.size).toBe(0);
});

it('commits content before the entries that name it, and nothing where all is there', async () => {
  const { env, commits } = await hubServer();
  const entries = Array.from({ length: 700 }, (_, n) => entryOf(n));
  const store = new Store(folder());
  await sendEntries(hubRemote(address, env), store, entries);
  expect(commits).toEqual([500, 200]);
  await sendEntries(hubRemote(address, env), new Store(folder()), entries);
  expect(commits).toHaveLength(2);
});

it('reads without a token, and says what the Hub answers where it writes', async () => {
  const { env } = await hubServer();
  const { HF_TOKEN: _, ...reader } = env;
  const { key } = entryOf(1);
  const store = new Store(folder());
  expect(await fetchEntry(hubRemote(address, reader), store, key)).toEqual({ kind: 'absent' });
  const writing = sendEntries(hubRemote(address, reader), store, [entryOf(1)]);
  await expect(writing).rejects.toThrow(
    /hf:\/\/datasets\/lab\/study answers 401 Unauthorized: no token/,
  );
  const nowhere = hubRemote('hf://datasets/lab/other', env);
  await expect(nowhere.has('ac', key)).rejects.toThrow(/is not there, or not for everybody/);
  expect(() => hubRemote('hf://lab', env)).toThrow(/names no repository/);
});

it('puts nothing before the end', async () => {
  const { env, files } = await hubServer();
  const remote = hubRemote(address, env);
  const bytes = Buffer.from('content');
  expect(await remote.putIfAbsent('cas', sha256(bytes), bytesContent(bytes))).toBe(true);
  expect(await remote.putIfAbsent('cas', sha256(bytes), bytesContent(bytes))).toBe(false);
  expect(files.size).toBe(0);
  await remote.close?.();
  expect(files.size).toBe(1);
});
