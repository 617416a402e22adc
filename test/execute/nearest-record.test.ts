import { expect, it } from 'vitest';
import { outputOf } from '../../src/execute/output.js';
import { nearestRecords } from '../../src/execute/store/nearest-record.js';
import { Store } from '../../src/execute/store/store.js';
import { digestOfRecord } from '../../src/plan/key.js';
import type { KeyRecord, PlannedStage } from '../../src/plan/plan.js';
import { cpu, folder } from './lab.js';

const recordOf = (params: KeyRecord['params'], stage = 'std.probe.knn_probe'): KeyRecord => ({
  format: 'ssp-key/1',
  stage,
  version: 1,
  params,
  numeric: cpu,
});

/** A point as the plan has it: only what is looked at. */
const planned = (id: string, record: KeyRecord) =>
  ({ id, key: digestOfRecord(record), record }) as unknown as PlannedStage; // three fields of it

it('finds the nearest of all records of a stage, before a run and after it', () => {
  const store = new Store(folder());
  const put = (id: string, record: KeyRecord): string => {
    const key = digestOfRecord(record);
    const output = outputOf('Metrics', {}, { top1: 0.5 });
    const finishedAt = '2026-01-01T00:00:00Z';
    store.putRecord({
      ...{ version: 1, key, record, id, output, seconds: 1, finishedAt, environment: {} },
    });
    return key;
  };
  const near = put('group[seed=1]', recordOf({ k: 5, label: 'group' }));
  put('group[seed=2]', recordOf({ k: 9, label: 'class' }));
  put('other', recordOf({ k: 7, label: 'group' }, 'std.probe.linear_probe'));
  const point = planned('group[seed=1]', recordOf({ k: 7, label: 'group' }));
  expect(nearestRecords(store, 1)(point)?.key).toBe(near);
  put('group[seed=1]', recordOf({ k: 7, label: 'group' }));
  expect(nearestRecords(store, 1)(point)?.key).toBe(near);
  // As near, newer, of another point: one of the same id explains better.
  put('group[seed=3]', recordOf({ k: 7, label: 'class' }));
  expect(nearestRecords(store, 1)(point)?.key).toBe(near);
  const lonely = planned('alone', recordOf({ k: 1 }, 'std.probe.cluster'));
  expect(nearestRecords(store, 1)(lonely)).toBeUndefined();
});
