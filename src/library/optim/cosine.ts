import { describe } from '../stage.js';

/** Linear warm-up, then half a cosine; see stdlib/optim.ssp for the formula. */
export const make = describe('std.optim.cosine', ({ warmup, final }) => ({
  scale(step, steps, perEpoch) {
    const rising = Math.min(steps, Math.round(warmup * perEpoch));
    if (step < rising) return (step + 1) / rising;
    const progress = (step - rising) / (steps - rising);
    return final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2;
  },
}));
