import { expect, it } from 'vitest';
import { externList } from '../../../src/cli/text/docs-text.js';
import { firstSentence } from '../../../src/language/check/advice/first-sentence.js';
import { loadLibrary } from '../../../src/language/library.js';

it('finds the first sentence of a text', () => {
  expect(firstSentence('One thing. Another.')).toBe('One thing.');
  expect(firstSentence('As torchvision\'s "v1.5"; by Grill et al. 2020.\nMore.')).toBe(
    'As torchvision\'s "v1.5"; by Grill et al. 2020.',
  );
  expect(firstSentence('over\ntwo lines\n\nSource: there.')).toBe('over two lines');
  expect(firstSentence('As `a.b`. `c` is next.')).toBe('As `a.b`.');
  expect(firstSentence('')).toBe('');
});

it('lists each stage with one whole sentence, in lines of 100 columns', () => {
  const externs = loadLibrary();
  const text = externList(externs, false);
  const lines = text.split('\n');
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  const plain = text.replaceAll(/\s+/g, ' ');
  for (const { doc = '' } of externs) {
    const sentence = firstSentence(doc);
    expect(sentence).toMatch(/[.?!]$/);
    expect(plain).toContain(sentence);
  }
});
