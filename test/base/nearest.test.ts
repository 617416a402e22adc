import { expect, it } from 'vitest';
import { listing, nearest, suggest } from '../../src/base/nearest.js';

it('finds the name that was meant', () => {
  expect(nearest('trian', ['param', 'train', 'transform'])).toBe('train');
  expect(nearest('SimCLR', ['vicreg', 'simclr'])).toBe('simclr');
  expect(nearest('temprature', ['temperature', 'hidden', 'dim'])).toBe('temperature');
});

it('prefers the same letters in another case to fewer edits', () => {
  expect(nearest('min', ['mine', 'MIN'])).toBe('MIN');
});

it('takes the first of equally near names', () => {
  expect(nearest('encode', ['encoder', 'encodes'])).toBe('encoder');
});

it('finds nothing where nothing is near', () => {
  expect(nearest('pretrain', ['vicreg', 'byol'])).toBeUndefined();
  expect(nearest('xy', ['ap', 'sp'])).toBeUndefined();
  expect(nearest('', ['abc'])).toBeUndefined();
});

it('lists names', () => {
  expect(listing(['a'])).toBe('`a`');
  expect(listing(['a', 'b', 'c'], 'or')).toBe('`a`, `b` or `c`');
});

it('suggests the nearest name, or what there is', () => {
  expect(suggest('trian', ['train', 'param'])).toBe('did you mean `train`?');
  expect(suggest('xy', ['sp', 'ap'])).toBe('there are `sp` and `ap`');
  expect(suggest('xy', ['sp'])).toBe('there is only `sp`');
  expect(suggest('xy', [])).toBeUndefined();
});
