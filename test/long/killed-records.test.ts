import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesOf, freshFolder } from '../library/synthetic.js';

const script = new URL('cifar-once.mjs', import.meta.url).pathname;

/** CIFAR-10 in its published size, of noise. */
function makeFiles(): string {
  const root = freshFolder();
  const folder = join(root, 'cifar-10-batches-bin');
  mkdirSync(folder);
  for (const name of [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}`).concat('test_batch')) {
    const bytes = randomFillSync(Buffer.alloc(10_000 * 3073));
    for (let at = 0; at < bytes.length; at += 3073) bytes[at] = (bytes[at] ?? 0) % 10;
    writeFileSync(join(folder, `${name}.bin`), bytes);
  }
  const names = Array.from({ length: 10 }, (_, label) => `class-${label}\n`);
  writeFileSync(join(folder, 'batches.meta.txt'), names.join(''));
  return root;
}

/** Reads them up to so many images, or to the end; tells how many were to do. */
async function read(root: string, checkpoint: string, after?: number) {
  const out = freshFolder();
  const args = { root, out, checkpoint, after: after ?? Number.MAX_SAFE_INTEGER };
  const child = spawn(process.execPath, [script, JSON.stringify(args)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_, name) => resolve(name));
  });
  expect(signal).toBe(after === undefined ? null : 'SIGKILL');
  return { out, todo: Number(said) };
}

it('goes on with records after kill -9, to the same bytes', async () => {
  const root = makeFiles();
  const whole = await read(root, freshFolder());
  expect(whole.todo).toBe(60_000);
  const checkpoint = freshFolder();
  // Killed before the first note, and then when at least one is on the disk: 64 MiB are 21,845 images.
  await read(root, checkpoint, 5000);
  expect((await read(root, checkpoint, 55_000)).todo).toBe(60_000);
  const last = await read(root, checkpoint);
  expect(last.todo).toBeLessThan(60_000);
  expect(filesOf(last.out)).toEqual(['images.npy', 'items.json']);
  for (const name of filesOf(whole.out)) {
    expect(readFileSync(join(last.out, name)).equals(readFileSync(join(whole.out, name)))).toBe(
      true,
    );
  }
});
