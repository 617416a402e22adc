import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { temporaryFolder } from './temporary-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Example {
  readonly command: string;
  readonly code: number;
  readonly printed: readonly string[];
}

/** The commands of the `console` blocks of a page, with what they print. */
export function examplesOf(page: string): readonly Example[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const [line = '', ...printed] = example.trimEnd().split('\n');
        const [, command = '', code] = /^(.*?)(?: +# exits with (\d+))?$/.exec(line) ?? [];
        return { command, code: Number(code ?? 0), printed };
      }),
  );
}

/** Runs examples in one folder, and holds what each prints to what the page says; `…` stands for anything. */
export function runExamples(examples: readonly Example[]): void {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const main = join(root, 'dist/cli/main.js');
  writeFileSync(join(bin, 'ssp'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(bin, 'ssp'), 0o755);
  const env = { ...process.env, NO_COLOR: '1', SSP_STORE: '' };
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  for (const { command, code, printed } of examples) {
    const done = spawnSync('sh', ['-c', command], { cwd: folder, env: { ...env, PATH } });
    const out = done.stdout.toString().trimEnd();
    const told = { command, code: done.status, out };
    // On one line or on many.
    const pattern = printed.map((line) => line.split('…').map(literally).join('[^]*')).join('\n');
    expect(told).toEqual({ command, code, out: expect.stringMatching(`^${pattern}$`) });
  }
}

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
