import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ssp } from '../support/ssp.js';

const folder = mkdtempSync(join(tmpdir(), 'ssp-words-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'a.ssp'),
  `import std.data.emoji
param epochs: Int(1..) = 12
param size: Pixels = 32px
param rates: List[Float] = [0.1]
param name: String
dataset d = emoji(size: size)
let all = {epochs, rates, name}
report r = table({n: epochs})
`,
);

/** What is said of the words of a command, on one line, and its exit code. */
async function said(words: string): Promise<string> {
  const args = [...words.matchAll(/"([^"]*)"|\S+/g)].map(([word, text]) => text ?? word);
  const { code, err } = await ssp(folder, args);
  return `${code}: ${err.trim().replaceAll(/\s+/g, ' ')}`;
}

it.each([
  [
    'plan a.ssp epochs=3',
    '2: ssp: `ssp plan` takes <file>, found `epochs=3` besides help: a param of the file is set with `--set epochs=3`',
  ],
  ['plan a.ssp --set size 16px', 'help: name and value are one word: `--set size=16px`'],
  [
    'plan a.ssp --set size',
    '2: ssp: --set size is no assignment help: name and value are one word: `--set size=…`',
  ],
  [
    'plan a.ssp --epochs 3',
    '2: ssp: unknown option `--epochs` help: if `epochs` is a param of the file, it is set with `--set epochs=3`;',
  ],
  ['plan a.ssp --epochs=3', 'it is set with `--set epochs=3`; `ssp plan --help` lists the options'],
  ['plan a.ssp --jsno', '2: ssp: unknown option `--jsno` help: did you mean `--json`?'],
  ['fmt --epochs 3', '2: ssp: unknown option `--epochs` help: `ssp fmt --help` lists the options'],
  ['trace a.ssp', '2: ssp: `ssp trace` needs <number>, a number as it was read, or its place'],
  ['trace a.ssp', 'help: as in `ssp trace study.ssp 85.59`'],
  ['diff a.ssp', 'help: as in `ssp diff study.ssp'],
  ['why a.ssp', "help: as in `ssp why pipelines/quickstart.ssp 'encoder[pairs: sp"],
  ['show a.ssp r[x: 1]', 'help: as in `ssp show pipelines/quickstart.ssp`'],
  ['trace a.ssp r[x: 1].n', "help: what has blanks or brackets stands in quotes: `'r[x: 1].n'`"],
  ['trace a.ssp "-65.3 points" --set name=a', '1: ssp: no number of the report reads -65.3 points'],
  [
    'diff a.ssp a.ssp --set name=a --set epochs=1 --set-b epochs=2',
    '2: ssp: --set and --set-b both give `epochs`',
  ],
  [
    'plan a.ssp --set epochs=2,size=8px',
    'help: each param has a `--set` of its own: `--set epochs=2 --set size=8px`',
  ],
  ['plan a.ssp --set epochs=ten --set name=a', 'help: as in `--set epochs=12`'],
  ['plan a.ssp --set epochs= --set name=a', 'help: as in `--set epochs=12`'],
  [
    'plan a.ssp --set epochs=1,2',
    'a param has one value; several are an axis of the file: `axis epochs = [1,2]`',
  ],
  ['plan a.ssp --set rates=0.1,0.2', "help: a list stands in brackets: `--set 'rates=[0.1,0.2]'`"],
])('%s', async (words, answer) => {
  expect(await said(words)).toContain(answer);
});
