import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { render } from '../../src/base/render.js';
import { compile } from '../../src/language/compile.js';
import { format } from '../../src/language/format/format.js';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const pages = [
  'README.md',
  ...readdirSync(at('docs/'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const blocksOf = (page: string) =>
  [...readFileSync(at(page), 'utf8').matchAll(/^( *)```ssp\b[^\n]*\n(.*?)^ *```$/gms)].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

for (const page of pages) {
  const blocks = blocksOf(page);
  if (blocks.length === 0) continue;
  it(`compiles the examples of ${page}, which are formatted`, () => {
    // a block that begins with `// views.ssp` is that file for the others
    const files = new Map(blocks.map((text) => [/^\/\/ (\S+\.ssp)\n/.exec(text)?.[1], text]));
    for (const [i, text] of blocks.entries()) {
      const path = `example ${i + 1} of ${page.replaceAll('/', ' ')}`;
      const readText = (wanted: string) => (wanted === path ? text : files.get(wanted));
      const { diagnostics } = compile({ readText }, path);
      expect(render(diagnostics.filter((d) => d.severity === 'error'))).toBe('');
      expect(format({ path, text }).text).toBe(text);
    }
  });
}

it('finds examples to compile', () => {
  expect(blocksOf('docs/language.md').length).toBeGreaterThanOrEqual(3);
});

const folder = 'pipelines/starters/';
for (const name of readdirSync(at(folder))) {
  it(`has a clean and formatted starter ${name}`, () => {
    const text = readFileSync(at(folder + name), 'utf8');
    const { program, diagnostics } = compile({ readText: () => text }, name);
    expect(render(diagnostics)).toBe('');
    expect(program?.reports.length).toBeGreaterThan(0);
    expect(format({ path: name, text }).text).toBe(text);
  });
}
