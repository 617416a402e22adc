import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bazelRemote } from '../../../src/execute/remote/bazel-remote.js';
import { fetchEntry } from '../../../src/execute/remote/fetch-entry.js';
import { bytesContent } from '../../../src/execute/remote/remote.js';
import { sendEntries } from '../../../src/execute/remote/send-entries.js';
import { Store } from '../../../src/execute/store/store.js';
import { folder } from '../lab.js';
import { bazelServer } from './bazel-server.js';
import { checkRemote, entryOf } from './contract.js';

it('shares results by a server of Bazel', async () => {
  const { url, content } = await bazelServer();
  await checkRemote(
    bazelRemote(url),
    async () => bazelRemote(`${url}/`),
    async (part, name, bytes) => {
      // It gives no entry that it cannot read.
      if (bytes && part === 'cas') content.set(`${part}/${name}`, bytes);
      else content.delete(`${part}/${name}`);
    },
  );
});

it('sends nothing in few requests to a server without a listing', async () => {
  const { url, requests } = await bazelServer();
  const store = new Store(folder());
  const entries = Array.from({ length: 300 }, (_, n) => entryOf(n));
  await sendEntries(bazelRemote(url), store, entries);
  requests.length = 0;
  expect(await sendEntries(bazelRemote(url), store, entries)).toMatchObject({ sent: 0, bytes: 0 });
  expect(requests).toHaveLength(5);
  expect(requests.every((request) => request.startsWith('HEAD /cache/ac/'))).toBe(true);
});

it('tries again what may pass by, and says what a server answers in the end', async () => {
  const { url, failures, requests } = await bazelServer();
  const remote = bazelRemote(url);
  failures.push(503, 429);
  expect(await remote.has('cas', 'a'.repeat(64))).toBe(false);
  expect(requests).toHaveLength(3);
  failures.push(403);
  await expect(remote.get('ac', 'a'.repeat(64))).rejects.toMatchObject({
    code: 'remote-failed',
    message: `the remote ${url} answers 403 Forbidden: not now`,
  });
});

it('says that a server does not answer', async () => {
  await expect(bazelRemote('http://127.0.0.1:9/').has('ac', 'a'.repeat(64))).rejects.toThrow(
    /the remote http:\/\/127\.0\.0\.1:9 does not answer/,
  );
});

it('refuses what is no entry', async () => {
  const { url, content } = await bazelServer();
  const store = new Store(folder());
  const { key } = entryOf(1);
  content.set(`ac/${key}`, Buffer.from([0x2a, 0x04, 1]));
  // Not even the server gives what is cut off; a server that checks nothing does.
  for (const message of [Buffer.alloc(0), Buffer.from([0x2a, 0x01, 0x41])]) {
    content.set(`ac/${key}`, message);
    const fetched = await fetchEntry(bazelRemote(url), store, key);
    expect(fetched).toMatchObject({ kind: 'refused', why: expect.stringMatching(/is torn/) });
  }
});

/** A server that answers everything in one way. */
async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('says that a server broke off within an entry', async () => {
  const url = await answering((response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => response.destroy(), 20);
  });
  const fetched = fetchEntry(bazelRemote(url), new Store(folder()), 'a'.repeat(64));
  await expect(fetched).rejects.toThrow(`the remote ${url} broke off: `);
});

it('waits a minute for a server that says nothing, and asks it no second time', async () => {
  let asked = 0;
  const url = await answering(() => {
    asked += 1;
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const has = expect(bazelRemote(url).has('ac', 'a'.repeat(64))).rejects.toThrow(
    `the remote ${url} does not answer within 60 s`,
  );
  await vi.waitFor(() => expect(asked).toBe(1));
  await vi.advanceTimersByTimeAsync(60_000);
  await has;
  expect(asked).toBe(1);
});

it('takes the page of a login for no content', async () => {
  const url = await answering((response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Log in</h1>');
  });
  const remote = bazelRemote(url);
  for (const asked of [
    remote.has('ac', 'a'.repeat(64)),
    remote.get('cas', 'a'.repeat(64)),
    sendEntries(remote, new Store(folder()), [entryOf(1)]),
  ]) {
    await expect(asked).rejects.toThrow(
      `the remote ${url} answers with a page (text/html; charset=utf-8)`,
    );
  }
});

it('keeps the password of an address to itself', async () => {
  const { url } = await bazelServer();
  const remote = bazelRemote(url.replace('//', '//anna:s%20cret@'));
  expect(`${remote.name} ${remote.id}`).not.toContain('cret');
  expect(
    await remote.putIfAbsent('cas', 'a'.repeat(64), bytesContent(Buffer.from('x'))).catch(String),
  ).toMatch(/answers 400 Bad Request: the content is not of its name/);
});
