import { acceptedText } from '../execute/accept/accepted-text.js';
import type { StageOutcome } from '../execute/record.js';
import { unmatchedPairs } from './pairs/unmatched-pairs.js';
import type { Remark } from './remark.js';

const NAMED = 4;

/** What the stages remarked, each sentence once, and where an axis compares pairs that are not matched. */
export function remarksOf(outcomes: readonly StageOutcome[]): readonly Remark[] {
  const ids = new Map<string, string[]>();
  for (const { planned, record } of outcomes) {
    const accepted = acceptedText(record?.accepted);
    for (const text of [...(record?.remarks ?? []), ...(accepted ? [accepted] : [])]) {
      const points = ids.get(text);
      if (points) points.push(planned.id);
      else ids.set(text, [planned.id]);
    }
  }
  const remarked = [...ids].map(([text, points]) => ({ text, ids: points }));
  return [...remarked, ...unmatchedPairs(outcomes)];
}

/** `encoder[seed=1], encoder[seed=2] and 3 more`. */
export function namedPoints(ids: readonly string[]): string {
  const more = ids.length - NAMED;
  return more > 0 ? `${ids.slice(0, NAMED).join(', ')} and ${more} more` : ids.join(', ');
}
