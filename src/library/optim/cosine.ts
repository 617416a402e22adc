import { describe } from '../stage.js';

/** Linear warm-up, then half a cosine; see stdlib/optim.ssp for the formula. */
export const make = describe('std.optim.cosine', ({ warmup, start, final, every }) => ({
  scale(step, steps, perEpoch) {
    const at = every === 'epoch' ? Math.floor(step / perEpoch) * perEpoch : step;
    const rising = Math.min(steps, Math.round(warmup * perEpoch));
    if (at < rising) {
      if (start === null) return (at + 1) / rising;
      return rising === 1 ? start : start + ((1 - start) * at) / (rising - 1);
    }
    const progress = (at - rising) / (steps - rising);
    return final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2;
  },
}));
