import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../../../src/base/diagnostic.js';
import { compile } from '../../../src/language/compile.js';
import type { Host } from '../../../src/language/host.js';
import { ablation, comparison } from '../../support/examples.js';
import { libraryFixture } from '../library-fixture.js';

/** A pipeline without mistakes, to make some in. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly host: (text: string) => Host;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

function fromDisk(path: string): Source {
  const read = (wanted: string) => readFileSync(root + wanted, 'utf8');
  return {
    path,
    text: read(path),
    host: (text) => ({ readText: (wanted) => (wanted === path ? text : read(wanted)) }),
  };
}

function inMemory(path: string, text: string): Source {
  return { path, text, host: (now) => ({ readText: () => now, library: libraryFixture }) };
}

/** Every pipeline of the project, and the examples of what the language can do. */
export const corpus: readonly Source[] = [
  ...readdirSync(`${root}pipelines`, { recursive: true, encoding: 'utf8' })
    // definitions for other files are used there
    .filter((name) => name.endsWith('.ssp') && name !== 'paper/study.ssp')
    .sort()
    .map((name) => fromDisk(`pipelines/${name}`)),
  fromDisk('test/language/mutation/everything.ssp'),
  inMemory('comparison.ssp', comparison),
  inMemory('ablation.ssp', ablation),
];

/** What is said of a changed text. */
export function mistakesIn(source: Source, text: string): readonly Diagnostic[] {
  return compile(source.host(text), source.path).diagnostics;
}
