import { expect, it } from 'vitest';
import { worked } from '../../../src/execute/findings/worked.js';
import type { StageOutcome } from '../../../src/execute/record.js';

/** A result of so many seconds, of a training that halving may give up where it has rungs. */
const result = (id: string, key: string, seconds: number, label?: string): StageOutcome =>
  ({
    outcome: 'hit',
    seconds,
    planned: {
      id,
      ...(label !== undefined && {
        rungs: {
          label,
          of: [{ epoch: 1, rivals: ['a', 'b'].map((of) => ({ label: of, id: `${of}@1` })) }],
        },
      }),
    },
    record: { key, seconds },
  }) as unknown as StageOutcome;

it('counts the time of each result once, and that of the way with the training that went on', () => {
  const outcomes = [
    result('a@1', 'ka1', 10),
    result('b@1', 'kb1', 11),
    result('a', 'ka', 30, 'a'),
    { ...result('b', 'kb', 0, 'b'), outcome: 'dropped', record: undefined } as StageOutcome,
    result('same', 'ka', 30, 'a'),
  ];
  expect(worked(outcomes).map(({ seconds }) => seconds)).toEqual([11, 30]);
});
