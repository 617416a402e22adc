import { expect, it } from 'vitest';
import { progressLine, shortened } from '../../../src/cli/text/progress-line.js';

const progress = { unit: 'epoch', done: 7, total: 20, loss: 3.214, imagesPerSecond: 3120.4 };
const line = (id: string, width?: number) => progressLine({ id, progress, left: 303 }, width);

it('says everything where there is room', () => {
  const whole = 'enc  epoch 7/20  loss 3.214  3,120 images/s  5 min 03 s left';
  expect(line('enc')).toBe(whole);
  expect(line('enc', 68)).toBe(whole);
});

it.each([68, 58, 46, 40, 36])('keeps loss and time left whole in %i columns', (width) => {
  const text = line('encoder[pairs: semantic, views: crop, seed: 1]', width);
  expect(text).toMatch(/loss 3\.214 {2}5 min 03 s left$/);
  expect(text.length).toBeLessThanOrEqual(width);
});

it('leaves the middle of a long name out', () => {
  expect(shortened('encoder[seed: 1]', 16)).toBe('encoder[seed: 1]');
  expect(shortened('encoder[seed: 1]', 9)).toBe('enco…: 1]');
});

it('tells what else is watched where there is room', () => {
  const watched = { feature_std: 0.42 };
  const text = (width: number) =>
    progressLine({ id: 'enc', progress: { ...progress, watched }, left: 303 }, width);
  expect(text(90)).toBe(
    'enc  epoch 7/20  loss 3.214  feature_std 0.4200  3,120 images/s  5 min 03 s left',
  );
  expect(text(70)).toBe('enc  epoch 7/20  loss 3.214  feature_std 0.4200  5 min 03 s left');
  expect(text(50)).toBe('enc  epoch 7/20  loss 3.214  5 min 03 s left');
});
