import type { TrainingLength } from './stage.js';

/**
 * What of a queue does not fit a training in which each step adds rows of one side of its pairs, or of both
 * (`sides`). `row` is what it holds (`key`).
 */
export function queueRemarks(
  { queue, sides, row }: { readonly queue: number; readonly sides: number; readonly row: string },
  { batch, steps, pairs }: TrainingLength,
): readonly string[] {
  const added = sides * batch;
  if (queue < added) {
    return [
      `the queue of ${queue} is shorter than the ${added} ${row}s that a step adds: it holds the last ${queue} of them alone`,
    ];
  }
  if (queue > steps * added) {
    return [
      `the queue of ${queue} is never full: ${steps} steps of ${added} ${row}s leave ${queue - steps * added} of the random rows that it begins with; take a shorter \`queue\``,
    ];
  }
  if (queue > sides * pairs) {
    return [
      `the queue of ${queue} is longer than the ${sides * pairs} ${row}s that an epoch adds at most: a pair meets ${row}s of its own in it, of epochs before; take a shorter \`queue\``,
    ];
  }
  return [];
}
