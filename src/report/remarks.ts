import type { StageOutcome } from '../execute/record.js';

/** A remark of stages on their results, and the points that made it, in the order of the plan. */
export interface Remark {
  readonly text: string;
  readonly ids: readonly string[];
}

const NAMED = 4;

/** What the stages remarked, each sentence once. */
export function remarksOf(outcomes: readonly StageOutcome[]): readonly Remark[] {
  const ids = new Map<string, string[]>();
  for (const { planned, record } of outcomes) {
    for (const text of record?.remarks ?? []) {
      const points = ids.get(text);
      if (points) points.push(planned.id);
      else ids.set(text, [planned.id]);
    }
  }
  return [...ids].map(([text, points]) => ({ text, ids: points }));
}

/** `encoder[seed=1], encoder[seed=2] and 3 more`. */
export function namedPoints(ids: readonly string[]): string {
  const more = ids.length - NAMED;
  return more > 0 ? `${ids.slice(0, NAMED).join(', ')} and ${more} more` : ids.join(', ');
}
