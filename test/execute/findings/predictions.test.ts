import { expect, it } from 'vitest';
import { predictionsOf } from '../../../src/execute/findings/predictions.js';
import type { ImagesSay, OverImages, StageOutcome } from '../../../src/execute/record.js';

const said: ImagesSay = {
  images: 10,
  interval: { low: -0.1, high: 0.3 },
  mcnemar: [{ point: 'seed=1', first: 3, second: 1, exact: 0.625, midP: 0.375 }],
};

/** A result whose predictions are files with these digests. */
const result = (id: string, rows: string, outcome: string) =>
  ({
    planned: { id },
    outcome,
    record: {
      output: {
        files: { 'predictions.npy': { digest: rows }, 'predictions.json': { digest: 'q' } },
      },
    },
  }) as unknown as StageOutcome;

/** Asks in a store that is opened anew; how often were the images asked? */
function askIn(kept: Map<string, string>, says: OverImages = said) {
  const memory = {
    read: (name: string) => kept.get(name),
    write: (name: string, text: string) => void kept.set(name, text),
  };
  return (rows: string, value: number, outcome = 'hit'): number => {
    const outcomes = [result('a', rows, outcome), result('b', 'other', 'hit')];
    const { once } = predictionsOf(outcomes, { blobPath: (digest) => digest, memory });
    const [first, second] = [
      { value, reads: ['a'] },
      { value: 0.5, reads: ['b'] },
    ];
    let asked = 0;
    const answer = once([{ point: 'seed=1', first, second }], () => {
      asked += 1;
      return says;
    });
    expect(answer).toEqual(says);
    return asked;
  };
}

it('asks the images of the same numbers and files once in a store, and of others anew', () => {
  const kept = new Map<string, string>();
  const ask = askIn(kept);
  expect(ask('rows', 0.7)).toBe(1);
  expect(ask('rows', 0.7)).toBe(0);
  expect(ask('rows', 0.6)).toBe(1);
  expect(ask('others', 0.7)).toBe(1);
  // A lock has the files' digests and none of the files.
  expect(ask('rows', 0.7, 'locked')).toBe(1);
});

it('does not take what was changed since it was written', () => {
  const kept = new Map<string, string>();
  const ask = askIn(kept);
  ask('rows', 0.7);
  for (const [name, text] of kept) kept.set(name, text.replace('0.3', '0.9'));
  expect(ask('rows', 0.7)).toBe(1);
  expect(ask('rows', 0.7)).toBe(0);
});

it('keeps no reason why images say nothing: their files may be there another time', () => {
  const kept = new Map<string, string>();
  const ask = askIn(kept, { none: 'the predictions cannot be read' });
  expect(ask('rows', 0.7)).toBe(1);
  expect(ask('rows', 0.7)).toBe(1);
  expect(kept.size).toBe(0);
});
