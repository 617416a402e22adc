import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { diagnosticsDoc } from '../../src/generate/diagnostics-doc.js';
import { sourceMark, sourceOf } from '../../src/generate/loops.js';
import { methodPages } from '../../src/generate/method-pages.js';
import { networksFile } from '../../src/generate/networks.js';
import { signaturesFile } from '../../src/generate/signatures.js';
import { stagesDoc } from '../../src/generate/stages-doc.js';
import { validatorFile } from '../../src/generate/validator.js';
import { libraryDefs, loadLibrary } from '../../src/language/library.js';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('keeps the generated signatures fresh', () => {
  expect(text('src/library/signatures.gen.ts')).toBe(signaturesFile(loadLibrary()));
});

it('keeps the generated parameters of networks fresh', () => {
  expect(text('src/library/networks.gen.ts')).toBe(networksFile(loadLibrary()));
});

it.each(['decode/reduce', 'decode/resample', 'published/interleave'])(
  'keeps the compiled loops of %s fresh',
  (name) => {
    const source = sourceOf(`src/library/data/${name}.as.ts`);
    expect(text(`src/library/data/${name}.gen.ts`)).toContain(sourceMark(source));
  },
);

it('keeps the checks of locks and site files fresh', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  for (const [schema, folder] of [
    ['lock', 'lock'],
    ['site', 'slurm'],
  ] as const) {
    const path = `src/execute/${folder}/${schema}-validator.gen.ts`;
    expect(text(path)).toBe(validatorFile(root, schema));
  }
});

it('keeps the generated reference of stages fresh', () => {
  expect(text('docs/stages.md')).toBe(stagesDoc(loadLibrary(), libraryDefs()));
});

it('keeps a page of each method fresh, and none of another', () => {
  const pages = methodPages(loadLibrary());
  const folder = new URL('../../docs/methods/', import.meta.url);
  expect(readdirSync(folder).map((name) => `docs/methods/${name}`)).toEqual(
    Object.keys(pages).toSorted(),
  );
  for (const [path, page] of Object.entries(pages)) expect(text(path)).toBe(page);
});

it('keeps the list of diagnostics fresh, with an example for each', () => {
  const fixture = (name: string) => text(`test/fixtures/diagnostics/${name}`);
  const doc = diagnosticsDoc((code) => ({
    source: fixture(`${code}.ssp`),
    said: fixture(`${code}.diag`),
    fixed: fixture(`${code}.fixed.ssp`),
  }));
  expect(text('docs/diagnostics.md')).toBe(doc);
});

it('writes argument types as implementations receive them', () => {
  const simclr = loadLibrary().filter((extern) => extern.name === 'std.ssl.simclr');
  expect(signaturesFile(simclr)).toContain(
    "readonly 'std.ssl.simclr': { readonly args: { readonly temperature: number; readonly hidden: number; readonly dim: number; readonly head: 'paper' | 'official' | 'solo' | 'lightly'; readonly sum: boolean }; readonly result: 'Method' };",
  );
  const pairs = loadLibrary().filter((extern) => extern.name === 'std.pairs.semantic_pairs');
  expect(signaturesFile(pairs)).toContain(
    'readonly source: Artifact; readonly list: string | null; readonly per_class: number | null',
  );
});
