import { expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.js';
import type { StagePoint } from '../../src/plan/plan.js';
import { namedPoints, select } from '../../src/plan/select.js';

// Only what a selection reads.
const points = ['encoder', 'probe'].flatMap((name) =>
  ['spp', 'simclr'].map(
    (label) =>
      ({
        id: `${name}[pairs: ${label}]`,
        name,
        point: { pairs: label },
        inputs: [],
      }) as unknown as StagePoint,
  ),
);

function refusal(only: string, of: typeof namedPoints = namedPoints): UsageError {
  try {
    of(points, only);
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

it('says how several stages are named to who writes them in one', () => {
  for (const several of ['encoder,probe', 'encoder, probe', 'encoder probe']) {
    expect(refusal(several, select).help).toBe('name each by itself: --only encoder --only probe');
  }
  const sliced = refusal('encoder[pairs: {spp, simclr}],probe', select);
  expect(sliced.help).toBe(
    "name each by itself: --only 'encoder[pairs: {spp, simclr}]' --only probe",
  );
  // What is no stage is told as before.
  expect(refusal('encoder,prob', select).message).toContain('no stage');
});
