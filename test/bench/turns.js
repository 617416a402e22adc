// What the turns of a comparison come to.

export const median = (values) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** From where to where: `0.97–1.04`. */
export const spread = (values) =>
  `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;

/** One side against itself: each of its turns divided by the one before. */
export const itself = (turns) => turns.slice(1).map((turn, i) => turn / turns[i]);
