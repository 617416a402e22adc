import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawnViews } from '../../../src/library/train/drawn-views.js';
import { make as simclrViews } from '../../../src/library/views/simclr_views.js';

// As it is built: a thread runs JavaScript.
const built = new URL('../../../dist/library/train/draws-ahead.js', import.meta.url);
const { drawsAhead } = (await import(
  built.href
)) as typeof import('../../../src/library/train/draws-ahead.js');

const crops = {
  scale: { low: 0.2, high: 1 },
  ratio: { low: 0.75, high: 4 / 3 },
};
const two = simclrViews({
  size: 16,
  ...crops,
  ...{ flip: 0.5, rotation: 5, jitter: 0.8, strength: 1, grayscale: 0.2, blur: 0.5 },
  sigma: { low: 0.1, high: 2 },
});
const extent = (count: number) => ({ count, height: 20, width: 20 });

it('draws in a thread what it would draw itself, step by step', async () => {
  const drawing = { views: two, extent: extent(64), seed: 7, numbered: true };
  const draws = drawsAhead(drawing);
  const began = [draws.fetch(3), draws.fetch(4)];
  expect(began.every((one) => one instanceof Promise)).toBe(true);
  await Promise.all(began);
  for (const step of [3, 4]) expect(draws.of(step)).toEqual(drawnViews(drawing, step));
  expect(draws.of(3)).not.toEqual(draws.of(4));
  draws.end();
  // Without the thread too.
  expect(draws.of(5)).toEqual(drawnViews(drawing, 5));
});

it('draws into two rooms in turn while a step is at work, and no more of them', async () => {
  const drawing = { views: two, extent: extent(64), seed: 7, numbered: true };
  const draws = drawsAhead(drawing);
  const rooms = new Set<unknown>();
  let fetched = draws.fetch(0);
  for (let step = 0; step < 6; step++) {
    await fetched;
    fetched = draws.fetch(step + 1);
    const drawn = draws.of(step);
    rooms.add(Object.values(drawn)[0]?.values.buffer);
    // The next is drawn meanwhile.
    if (step === 2) await fetched;
    expect(drawn).toEqual(drawnViews(drawing, step));
  }
  await fetched;
  draws.end();
  expect(rooms.size).toBe(2);
});

it('draws few at once', () => {
  const draws = drawsAhead({ views: two, extent: extent(8), seed: 7, numbered: true });
  expect(draws.fetch(0)).toBeUndefined();
  draws.end();
});

it('loads nothing of TensorFlow in the thread', () => {
  const seen = new Set<string>();
  const look = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type ).*? from '(\..*?)';/gms))
      look(new URL(from.replace(/\.js$/, '.ts'), `file://${path}`).pathname);
  };
  look(new URL('../../../src/library/train/draw-thread.ts', import.meta.url).pathname);
  expect([...seen].filter((path) => /\/tf\.ts$|\/native\.ts$/.test(path))).toEqual([]);
  expect(seen.size).toBeGreaterThan(8);
});
