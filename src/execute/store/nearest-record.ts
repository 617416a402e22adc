import { statSync } from 'node:fs';
import { areOtherPrograms, distance } from '../../plan/explain.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { StageRecord } from '../record.js';
import type { Store } from './store.js';

/** Records that are read, the newest of the store, and comparisons for all points together. */
const RECORDS = 5000;
const COMPARISONS = 100_000;

/**
 * Finds for each of `count` points the record of its stage that differs in the fewest places and has
 * another key. Of several it is one of the same id, then the newest. The store is read once.
 */
export function nearestRecords(
  store: Store,
  count: number,
): (stage: PlannedStage) => StageRecord | undefined {
  const byStage = recordsByStage(store);
  const most = Math.ceil(COMPARISONS / Math.max(1, count));
  return ({ id, key, record }) => {
    if (record === undefined) return undefined;
    let best: { readonly found: StageRecord; readonly far: number } | undefined;
    for (const found of (byStage.get(record.stage) ?? []).slice(0, most)) {
      if (found.key === key || areOtherPrograms(found.record, record)) continue;
      const far = distance(found.record, record) - (found.id === id ? 0.5 : 0);
      if (best === undefined || far < best.far) best = { found, far };
    }
    return best?.found;
  };
}

/** The newest records of a store by their stage, newest first. */
export function recordsByStage(store: Store): ReadonlyMap<string, readonly StageRecord[]> {
  const byStage = new Map<string, StageRecord[]>();
  for (const key of newestKeys(store)) {
    const found = store.record(key);
    if (!found) continue;
    const { stage } = found.record;
    const others = byStage.get(stage);
    if (others) others.push(found);
    else byStage.set(stage, [found]);
  }
  return byStage;
}

/** Keys of the newest records, newest first; keys themselves order what is of one time. */
function newestKeys(store: Store): readonly string[] {
  const timed = store.keys().map((key) => {
    const found = statSync(store.recordPath(key), { throwIfNoEntry: false });
    return { key, at: found?.mtimeMs ?? 0 };
  });
  timed.sort((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1));
  return timed.slice(0, RECORDS).map(({ key }) => key);
}
