import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a script of this folder says on a machine without a driver and without a runtime. */
function said(script: string, ...args: string[]): string {
  const nowhere = temporaryFolder();
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL(script, import.meta.url)), ...args],
    { encoding: 'utf8', env: { PATH: nowhere, HOME: nowhere, XDG_CACHE_HOME: nowhere } },
  );
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
}

it('accepts nothing without a GPU, and says how to go through it on the processor', () => {
  expect(said('accept.mjs')).toMatch(/finds no GPU here.*--device cpu/);
  expect(said('accept.mjs', '--device', 'gpu')).toContain('`cuda` or `cpu`, not `gpu`');
  expect(said('accept.mjs', '--method', 'semclr')).toMatch(/no method `semclr`; there are simclr,/);
  expect(said('accept.mjs', '--minutes', 'ten')).toContain('not `ten`');
});

it('checks nothing without the runtime for GPUs, and says how to set it up', () => {
  expect(said('check.mjs')).toContain('setup --gpu');
});
