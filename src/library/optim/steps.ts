import { describe } from '../implement.js';
import { epochsOf } from './epochs-of.js';

/** The rate falls by a factor after given epochs; see stdlib/optim.ssp. */
export const make = describe('std.optim.steps', ({ at, factor }) => ({
  scale: (step, _steps, perEpoch) =>
    factor ** at.filter((epoch) => epoch * perEpoch <= step).length,
  remark(steps, perEpoch) {
    if (at.length === 0) return 'the learning rate never falls: the list `at` is empty';
    const epochs = epochsOf(steps, perEpoch);
    const late = at.filter((epoch) => epoch >= epochs);
    if (late.length === 0) return undefined;
    return `the learning rate does not fall after epoch ${late.join(', ')}: the training has ${epochs}`;
  },
}));
