import type { StageOutcome } from '../record.js';

/**
 * The results whose time together is what was computed: one of each key, and no encoder on the way of a training that
 * halving let go on, whose time has that of the way in it.
 */
export function worked(outcomes: readonly StageOutcome[]): readonly StageOutcome[] {
  const onTheWay = new Set(
    outcomes.flatMap(({ planned: { rungs }, record }) =>
      rungs && record
        ? rungs.of.flatMap(({ rivals }) =>
            rivals.flatMap(({ label, id }) => (label === rungs.label ? [id] : [])),
          )
        : [],
    ),
  );
  const byKey = new Map<string, StageOutcome>();
  for (const outcome of outcomes) {
    const { planned, record } = outcome;
    if (record && !onTheWay.has(planned.id)) byKey.set(record.key, outcome);
  }
  return [...byKey.values()];
}
