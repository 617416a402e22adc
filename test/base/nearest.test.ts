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

it('counts case where the letters are equally near', () => {
  expect(nearest('Imges', ['images', 'Images'])).toBe('Images');
  expect(nearest('imges', ['Images', 'images'])).toBe('images');
  expect(nearest('knnProb', ['knnprobe', 'knnProbe'])).toBe('knnProbe');
});

it('takes the first of equally near names', () => {
  expect(nearest('encode', ['encoder', 'encodes'])).toBe('encoder');
});

it('finds nothing where nothing is near', () => {
  expect(nearest('pretrain', ['vicreg', 'byol'])).toBeUndefined();
  expect(nearest('xy', ['ap', 'sp'])).toBeUndefined();
  expect(nearest('', ['abc'])).toBeUndefined();
});

it('prefers a beginning, a word and a short form to letters that happen to be alike', () => {
  expect(nearest('enc', ['knn', 'encoder'])).toBe('encoder');
  expect(nearest('vic', ['vit', 'simclr', 'vicreg'])).toBe('vicreg');
  expect(nearest('cols', ['rows', 'columns', 'values'])).toBe('columns');
  expect(nearest('batch_size', ['patch_size', 'batch', 'epochs'])).toBe('patch_size');
  expect(nearest('batch_size', ['epochs', 'batch', 'lr', 'workers'])).toBe('batch');
  expect(nearest('warmup_epochs', ['epochs', 'start', 'warmup'])).toBe('warmup');
  expect(nearest('train_epochs', ['epochs', 'start', 'batch'])).toBe('epochs');
  expect(nearest('bfloat16', ['float32', 'bf16'])).toBe('bf16');
});

it('prefers a slip of the fingers to a part', () => {
  expect(nearest('batch_szie', ['batch', 'batch_size'])).toBe('batch_size');
  expect(nearest('augmented_pares', ['augmented', 'augmented_pairs'])).toBe('augmented_pairs');
});

it('takes a part of several names for none of them', () => {
  expect(nearest('pairs', ['semantic_pairs', 'augmented_pairs'])).toBeUndefined();
  expect(nearest('pairs', ['semantic_pairs', 'emoji'])).toBe('semantic_pairs');
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
