import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/commands.md'), 'utf8');

/** The commands of the page's `console` blocks, with what they print. */
const examples = [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const [line = '', ...printed] = example.trimEnd().split('\n');
      const [, command = '', code] = /^(.*?)(?: +# exits with (\d+))?$/.exec(line) ?? [];
      return { command, code: Number(code ?? 0), printed };
    }),
);

it('prints what the page of commands says', () => {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const main = join(root, 'dist/cli/main.js');
  writeFileSync(join(bin, 'ssp'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, 'ssp'), 0o755);
  const env = { ...process.env, NO_COLOR: '1', SSP_STORE: '' };
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  expect(examples.length).toBeGreaterThan(10);
  for (const { command, code, printed } of examples) {
    const done = spawnSync('sh', ['-c', command], { cwd: folder, env: { ...env, PATH } });
    const out = done.stdout.toString().trimEnd();
    const told = { command, code: done.status, out };
    // `…` stands for anything, on one line or on many.
    const pattern = printed.map((line) => line.split('…').map(literally).join('[^]*')).join('\n');
    expect(told).toEqual({ command, code, out: expect.stringMatching(`^${pattern}$`) });
  }
});

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

it('has a section for each command', () => {
  for (const name of Object.keys(commands)) expect(page).toMatch(new RegExp(`^## ${name}$`, 'm'));
});
