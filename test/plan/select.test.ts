import { expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.js';
import type { StagePoint } from '../../src/plan/plan.js';
import { namedPoints } from '../../src/plan/select.js';

// Only what a selection reads.
const points = ['spp', 'simclr'].map(
  (label) =>
    ({
      id: `encoder[pairs: ${label}]`,
      name: 'encoder',
      point: { pairs: label },
    }) as unknown as StagePoint,
);

function refusal(only: string): UsageError {
  try {
    namedPoints(points, only);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error(`${only} was not refused`);
}

it('suggests the nearest stage, axis and label', () => {
  expect(refusal('encodr').help).toContain('did you mean `encoder`?');
  expect(refusal('encoder[pair: spp]').help).toContain('did you mean `pairs`?');
  expect(refusal('encoder[pairs: simclar]').help).toContain('did you mean `simclr`?');
});

it('says that a bracket is not closed', () => {
  expect(refusal('encoder[').message).toContain('not closed');
});
