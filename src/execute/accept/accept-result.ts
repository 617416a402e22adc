import { SspError } from '../../base/errors.js';
import { changeText } from '../../plan/change-text.js';
import { explain } from '../../plan/explain.js';
import { areAsDeclared } from '../../plan/metrics.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import { stateNow } from '../../plan/seen.js';
import type { Accepted, StageRecord } from '../record.js';
import { lastSeen, type SeenBy } from '../store/latest.js';
import type { Store } from '../store/store.js';

/**
 * The result that a point had before something changed, as that of its key now. Its content stays what
 * it was, so nothing that reads it has another key. Throws an SspError where there is nothing to accept.
 */
export function acceptedRecord(
  planned: PlannedStage,
  { store, by }: { readonly store: Store; readonly by: SeenBy },
  { seenNow }: Pick<PlanWorld, 'seenNow'>,
  said: Pick<Accepted, 'because' | 'by' | 'at'>,
): StageRecord {
  const { id, key, record, action, reason } = planned;
  const refuse = (what: string, help: string): SspError =>
    new SspError('nothing-to-accept', `\`${id}\` ${what}`, { help });
  if (action === 'hit')
    throw refuse('has a result: nothing has changed', '`ssp plan` shows what has');
  if (key === undefined || record === undefined) {
    const waits = (reason.waitsFor ?? []).map((name) => `\`${name}\``).join(', ');
    throw refuse(`has no key yet: it waits for ${waits}`, 'accept or run what it waits for first');
  }
  const before = lastSeen(store, by).own(planned.stage, id);
  const found = before.map((earlier) => store.find(earlier)).find(({ kind }) => kind === 'hit');
  if (found?.kind !== 'hit') {
    throw refuse('has no earlier result of this file in this store', '`ssp run` makes one');
  }
  // whoever has signed it has not said this
  const { signed: _, ...old } = found.record;
  const { output, accepted = [], seen } = old;
  const fits =
    output.type === planned.result && areAsDeclared(output.metrics, planned.fields ?? {});
  if (!fits) throw refuse('had another kind of result before', '`ssp run` makes one of this kind');
  const changes = explain(old.record, record, planned).map((change) => {
    const { name, what } = changeText(change, planned);
    return `${name} ${what}`;
  });
  return {
    ...old,
    key,
    record,
    ...(seen ? { seen: stateNow(planned, seen, seenNow) } : {}),
    accepted: [...accepted, { ...said, from: old.key, changes }],
  };
}
