import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { grammarFiles } from '../../src/generate/grammar.js';

const root = new URL('../../', import.meta.url);

for (const [path, text] of Object.entries(grammarFiles())) {
  it(`has a fresh ${path}`, () => {
    expect(readFileSync(new URL(path, root), 'utf8')).toBe(text);
  });
}

it('draws the grammar without scripts or a network', () => {
  const page = grammarFiles()['grammar/diagrams.html'] ?? '';
  expect(page).not.toMatch(/<script|<link|src=|https?:\/\/(?!www\.w3\.org)/);
  expect(page.match(/<svg/g)?.length).toBe(page.match(/<h2/g)?.length);
});
