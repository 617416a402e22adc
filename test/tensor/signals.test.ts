import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

/** Starts the program of products and gives it, and a function that waits for its next line. */
function multiplying(...options: readonly string[]) {
  const script = join(import.meta.dirname, 'signals-child.js');
  const child = spawn(process.execPath, [...options, script, '1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, ended, line: async () => (await lines.next()).value as unknown };
}

test('signals that come while a matrix product is computed disturb neither memory nor values', async () => {
  const { child, ended, line } = multiplying();
  expect(await line()).toBe('ready');
  const sending = setInterval(() => child.kill('SIGTERM'), 1);
  const said = await line();
  clearInterval(sending);
  expect(JSON.parse(String(said))).toEqual({ wrong: 0, heard: true, blockedInChild: 0 });
  expect(await line()).toBe('waiting');
  child.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});

test("Node's profiler looks at a matrix product without harm", async () => {
  // It writes nothing where it is ended by a signal.
  const { child, ended, line } = multiplying('--cpu-prof', `--cpu-prof-dir=${tmpdir()}`);
  expect(await line()).toBe('ready');
  expect(JSON.parse(String(await line()))).toMatchObject({ wrong: 0 });
  expect(await line()).toBe('waiting');
  child.kill('SIGTERM');
  await ended;
});
