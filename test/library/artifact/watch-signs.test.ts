import { expect, it } from 'vitest';
import { checkWatched, watchSigns } from '../../../src/library/artifact/watch-signs.js';
import type { Signs } from '../../../src/library/stage.js';

const signs: Signs = {
  loss: {
    what: 'loss',
    lines: { 'ln K': Math.log(100) },
    alarms: [
      {
        from: Math.log(100) - 0.01,
        to: Math.log(100) + 0.01,
        epochs: 2,
        means: 'the loss sits at ln K',
        advice: 'so nothing is learnt: lower `temperature`',
      },
    ],
  },
  used: {
    what: 'prototypes in use',
    alarms: [{ to: 1, means: 'one prototype takes all images', advice: 'lower `epsilon`' }],
  },
};

/** What is remarked of these epochs, each [loss, used]. */
function remarksOf(epochs: readonly (readonly [number, number])[], stopAfter?: number): string[] {
  const said: string[] = [];
  const watch = watchSigns(signs, { remark: (text) => said.push(text), stopAfter });
  epochs.forEach(([loss, used], index) => {
    watch({ epoch: index + 1, loss, used });
  });
  return said;
}

it('remarks a sign when it has shown for long enough, and that it is gone, each time anew', () => {
  expect(
    remarksOf([
      [4.6, 9],
      [4.2, 9],
      [4.605, 9],
      [4.606, 1],
      [4.605, 1],
      [4.1, 3],
      [4.605, 1],
      [4.2, Number.NaN],
    ]),
  ).toEqual([
    'the loss sits at ln K in epochs 3 to 4: loss is 4.6, so nothing is learnt: lower `temperature`',
    'one prototype takes all images in epoch 4: used is 1, lower `epsilon`',
    'from epoch 6 on loss shows no collapse any more: it is 4.1',
    'from epoch 6 on used shows no collapse any more: it is 3',
    'again, one prototype takes all images in epoch 7: used is 1, lower `epsilon`',
  ]);
});

it('tells no more of a sign that comes and goes', () => {
  const epochs = Array.from({ length: 20 }, (_, i) => [4, i % 2 === 0 ? 1 : 3] as const);
  expect(remarksOf(epochs)).toEqual([
    'one prototype takes all images in epoch 1: used is 1, lower `epsilon`',
    'from epoch 2 on used shows no collapse any more: it is 3',
    'again, one prototype takes all images in epoch 3: used is 1, lower `epsilon`',
    'from epoch 4 on used shows no collapse any more: it is 3',
    'again, one prototype takes all images in epoch 5: used is 1, lower `epsilon`; it comes and goes, and no more is told of it',
  ]);
});

it('stops after so many epochs in a row that show a collapse', () => {
  expect(() => remarksOf([[4, 1]], 1)).toThrow(
    'the training collapsed: one prototype takes all images in epoch 1: used is 1, lower `epsilon`',
  );
  const epochs = [
    [4, 1],
    [4, 2],
    [4, 1],
    [4, 1],
  ] as const;
  expect(() => remarksOf(epochs, 2)).toThrow(
    'the training collapsed, for 2 epochs: one prototype takes all images in epoch 4',
  );
  expect(remarksOf(epochs.slice(0, 3), 2)).toHaveLength(3);
});

it('knows a number that is not finite, or missing, for no sign of collapse', () => {
  expect(remarksOf([[Number.NaN, Number.POSITIVE_INFINITY]])).toEqual([]);
});

it('refuses signs of what is not watched', () => {
  expect(() => checkWatched(signs, { epoch: 1, loss: 1, lr: 0.1 })).toThrow(
    '`signs` of the method tells of `used`, which is not watched',
  );
});
