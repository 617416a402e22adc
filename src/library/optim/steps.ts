import { describe } from '../stage.js';

/** The rate falls by a factor after given epochs; see stdlib/optim.ssp. */
export const make = describe('std.optim.steps', ({ at, factor }) => ({
  scale: (step, _steps, perEpoch) =>
    factor ** at.filter((epoch) => epoch * perEpoch <= step).length,
}));
