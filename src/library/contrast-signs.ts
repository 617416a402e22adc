import type { Alarm, Sign, Signs } from './stage.js';

/** A loss stays at that of a guess, in three epochs in a row: it goes through this value too. */
const staysAt = (chance: number, guess: string, advice: string): Alarm => ({
  from: 0.999 * chance,
  to: 1.001 * chance,
  epochs: 3,
  means: `the loss stays at that of a guess, ${guess}`,
  advice: `so nothing is learnt: ${advice}`,
});

/** The mean loss as a share of `guess`, that of a guess among some candidates: it is kept beside a result. */
export const ofChance = (guess: string, among: string): Sign => ({
  what: `the mean loss as a share of ${guess}, that of a guess among ${among}`,
  lines: { guess: 1 },
  beside: true,
  alarms: [
    staysAt(1, guess, 'raise the learning rate, or look for views that have nothing in common'),
  ],
});

/** The loss of a choice among prototypes, which stays at `chance` where nothing is learnt. */
export const choiceLoss = (what: string, guess: string, chance: number, advice: string): Sign => ({
  what,
  lines: { [guess]: chance },
  alarms: [staysAt(chance, guess, advice)],
});

/** What contrastive losses watch: see `src/tensor/losses/info-nce.ts`. `guess` is the loss of a guess, among the candidates. */
export const contrastSigns = (guess: string, among: string): Signs => ({
  accuracy: { what: 'share of queries whose own key is the nearest' },
  positive: { what: 'mean cosine of a query with its own key' },
  negative: { what: 'mean cosine of a query with the other keys' },
  of_chance: ofChance(guess, among),
});

/** What a queue is watched by: see `src/tensor/queue.ts`. */
export const queueSigns: Signs = {
  queue_filled: { what: 'share of the queue that holds keys' },
  queue_age: { what: 'steps since the oldest key was made' },
};
