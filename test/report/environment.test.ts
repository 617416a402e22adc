import { expect, it } from 'vitest';
import { shownEnvironment } from '../../src/report/content.js';

it('shows memory in a unit, where machines differ too', () => {
  const environment = [
    ['memory', '25276502016 · 1073741824'],
    ['threads', '25276502016'],
  ] as const;
  expect(shownEnvironment({ environment })).toEqual([
    ['memory', '23.5 GiB · 1.0 GiB'],
    ['threads', '25276502016'],
  ]);
});
