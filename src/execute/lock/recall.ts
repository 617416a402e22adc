import { agrees } from '../../plan/key.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import type { StageRecord } from '../record.js';
import { lastSeen } from '../store/latest.js';
import { recordsByStage } from '../store/nearest-record.js';
import type { Store } from '../store/store.js';
import { entryAt, type Lock } from './lock.js';

/**
 * Finds for a point whose data is not here a result of the store that agrees with it in everything
 * that is known: that of the lock, which is opened for it, else the one that was made last.
 */
export function recallFrom(
  store: Store,
  open: () => Lock | undefined,
): NonNullable<PlanWorld['recall']> {
  const seen = lastSeen(store);
  let records: ReadonlyMap<string, readonly StageRecord[]> | undefined;
  const ofStage = (stage: string): readonly StageRecord[] => {
    records ??= recordsByStage(store);
    return records.get(stage) ?? [];
  };
  return ({ id, stage }, record) => {
    const lock = open();
    for (const key of [lock && entryAt(lock, id)?.key, ...seen.keys(stage, id)]) {
      const found = key === undefined ? undefined : store.find(key);
      if (found?.kind === 'hit' && agrees(record, found.record.record)) return found.record;
    }
    return ofStage(stage).find(
      (known) => agrees(record, known.record) && store.find(known.key).kind === 'hit',
    );
  };
}
