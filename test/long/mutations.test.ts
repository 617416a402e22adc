import { expect, it } from 'vitest';
import { several, single } from '../language/mutation/run.js';

it('tells each mistake once at every place of every pipeline', () => {
  const { count, excepted, wrong } = single(Number.POSITIVE_INFINITY);
  console.log(`${count} files with one mistake, ${excepted} of the exceptions`);
  expect(wrong).toEqual([]);
});

for (const n of [2, 3]) {
  it(`tells ${n} mistakes in distant places ${n} times`, () => {
    const { count, wrong } = several(n, 2000);
    console.log(`${count} files with ${n} mistakes`);
    expect(wrong).toEqual([]);
  });
}
