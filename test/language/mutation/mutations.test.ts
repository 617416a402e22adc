import { expect, it } from 'vitest';
import { mistakesIn } from './corpus.js';
import { files, several, single, unplaced } from './run.js';

it('starts from files without mistakes', () => {
  for (const { source } of files) {
    expect([source.path, mistakesIn(source, source.text)]).toEqual([source.path, []]);
  }
});

it('tells each kind of mistake once, wherever it is made', () => {
  const { count, wrong } = single(2);
  expect(wrong).toEqual([]);
  expect(unplaced()).toEqual([]);
  expect(count).toBeGreaterThan(500);
}, 180_000);

it('tells mistakes in distant places as often as there are', () => {
  for (const n of [2, 3]) {
    const { count, wrong } = several(n, 100);
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(20);
  }
});
