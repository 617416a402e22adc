import { describe } from '../implement.js';
import { epochsOf } from './epochs-of.js';

/** Linear warm-up, then half a cosine; see stdlib/optim.ssp for the formula. */
export const make = describe('std.optim.cosine', ({ warmup, start, final, every }) => {
  /** What is counted, steps or epochs: in all, and of the warm-up as it is given. */
  const counted = (steps: number, perEpoch: number): { all: number; wanted: number } =>
    every === 'epoch'
      ? { all: epochsOf(steps, perEpoch), wanted: Math.round(warmup) }
      : { all: steps, wanted: Math.round(warmup * perEpoch) };
  return {
    scale(step, steps, perEpoch) {
      const at = every === 'epoch' ? Math.floor(step / perEpoch) : step;
      const { all, wanted } = counted(steps, perEpoch);
      const rising = Math.min(all, wanted);
      if (at < rising) {
        if (start === null) return (at + 1) / rising;
        return rising === 1 ? start : start + ((1 - start) * at) / (rising - 1);
      }
      const progress = (at - rising) / (all - rising);
      return final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2;
    },
    remark(steps, perEpoch) {
      const { all, wanted } = counted(steps, perEpoch);
      if (warmup > 0 && wanted === 0) {
        return `the warm-up of ${warmup} epochs is less than half of one ${every}, so there is none`;
      }
      if (wanted < all) return undefined;
      const epochs = epochsOf(steps, perEpoch);
      const how = wanted > all ? 'is longer than' : 'takes all of';
      return `the warm-up of ${counts(warmup)} ${how} the training of ${counts(epochs)}: the learning rate rises to the end and never falls`;
    },
  };
});

const counts = (epochs: number): string => `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
