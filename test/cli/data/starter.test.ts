import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ssp } from '../../support/ssp.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('writes a starter for a folder of own images, which other names lead to', async () => {
  const folder = temporaryFolder();
  expect((await ssp(folder, ['new', 'images'])).out).toBe('images.ssp\n');
  const before = await ssp(folder, ['check', 'images.ssp']);
  expect([before.code, before.out + before.err]).toEqual([
    0,
    expect.stringContaining('warning[folder-not-found]'),
  ]);
  mkdirSync(join(folder, 'photos'));
  expect((await ssp(folder, ['check', 'images.ssp'])).code).toBe(0);
  writeFileSync(join(folder, 'other.ssp'), 'import std.data.folder\n');
  const check = await ssp(folder, ['check', 'other.ssp']);
  expect(check.out + check.err).toContain('did you mean `images`?');
  expect((await ssp(folder, ['docs', 'folder'])).err).toContain('did you mean `images`');
  expect((await ssp(folder, ['docs', 'Images'])).out).toContain('`std.data.images` makes them');
}, 60_000);
