import { agrees } from '../../plan/key.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import type { StageResult } from '../record.js';
import type { Store } from '../store/store.js';
import { entryAt, type Lock, type LockEntry, settingsText } from './lock.js';

/**
 * The world in which a lock is all there is: a point has a result where the lock has one of its key.
 * Where data is not here, it is that of the point's name, unless the store knows it to be of other
 * work, or the lock was made with other settings than `settings`.
 */
export function lockWorld(world: PlanWorld, store: Store, lock: Lock, settings: string): PlanWorld {
  const byKey = entriesByKey(lock);
  const sameSettings = settings === settingsText(lock.set);
  const outputOf = ({ output, metrics = {} }: LockEntry, type: string) => {
    return { type, digest: output, metrics };
  };
  return {
    ...world,
    numeric: lock.numeric,
    latest: () => undefined,
    lookup: (key, { id, result }) => {
      const entry = byKey.get(key);
      if (entry) return { kind: 'hit', output: outputOf(entry, result), seen: entry.seen };
      const keyed = entryAt(lock, id)?.keyed;
      return keyed ? { kind: 'elsewhere', keyed } : { kind: 'miss' };
    },
    recall: ({ id, result }, record) => {
      const entry = entryAt(lock, id);
      if (entry === undefined) return undefined;
      const known = store.record(entry.key)?.record;
      if (known ? !agrees(record, known) : !sameSettings) return undefined;
      return { key: entry.key, record: known, output: outputOf(entry, result) };
    },
  };
}

/** The results that a lock has under the keys of planned points: numbers, and no files. */
export function resultsOfLock(lock: Lock): (planned: PlannedStage) => StageResult | undefined {
  const byKey = entriesByKey(lock);
  return (planned) => {
    const entry = byKey.get(planned.key ?? '');
    if (entry === undefined) return undefined;
    const { key, output, metrics = {}, seconds, facts, remarks } = entry;
    return {
      key,
      output: { type: planned.result, digest: output, files: {}, metrics },
      seconds,
      environment: lock.environment,
      ...(facts ? { facts } : {}),
      ...(remarks ? { remarks } : {}),
    };
  };
}

function entriesByKey(lock: Lock): ReadonlyMap<string, LockEntry> {
  return new Map(Object.values(lock.stages).map((entry) => [entry.key, entry]));
}
