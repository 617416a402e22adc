import type { StageOutcome } from '../record.js';

/** The stages that some points were made from: these and all that they read, the nearest first. */
export function lineageOf(
  ids: Iterable<string>,
  outcomes: readonly StageOutcome[],
): readonly StageOutcome[] {
  const needed = new Set(ids);
  // Every stage stands after its inputs.
  return outcomes.toReversed().filter(({ planned: { id, inputs } }) => {
    if (!needed.has(id)) return false;
    for (const input of inputs) needed.add(input);
    return true;
  });
}
