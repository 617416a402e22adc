import { expect, it } from 'vitest';
import { bySeed } from '../../src/base/statistics/by-seed.js';

const axes = ['seed', 'probe_seed'];

/** A value for each seed and probe, but for some. */
function drawn(seeds: number, probes: number, isLeft = (_seed: number, _probe: number) => false) {
  const points = Array.from({ length: seeds * probes }, (_, i) => [
    Math.floor(i / probes),
    i % probes,
  ])
    .map(([seed = 0, probe = 0]) => ({ seed, probe }))
    .filter(({ seed, probe }) => !isLeft(seed, probe));
  return {
    axes,
    labels: points.map(({ seed, probe }) => [`${seed}`, `${probe}`]),
    // Encoders differ by much more than probes.
    values: points.map(({ seed, probe }) => 0.5 + 0.1 * seed ** 1.5 + 0.001 * ((probe * 7) % 5)),
  };
}

it('takes the mean at each encoder, however many probes each has', () => {
  expect(bySeed(drawn(2, 10))).toMatchObject({ within: ['probe_seed'], values: { length: 2 } });
  expect(bySeed(drawn(6, 3))).toMatchObject({ within: ['probe_seed'], values: { length: 6 } });
});

it('does not take probes for encoders where one point is missing', () => {
  const one = drawn(2, 10, (seed, probe) => seed === 1 && probe === 7);
  expect(bySeed(one)).toMatchObject({ within: ['probe_seed'], values: { length: 1 } });
  const some = drawn(6, 3, (seed, probe) => seed === 5 && probe > 0);
  expect(bySeed(some)).toMatchObject({ within: ['probe_seed'], values: { length: 5 } });
});
