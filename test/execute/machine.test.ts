import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { machineOf } from '../../src/execute/local/machine.js';
import type { PlannedStage } from '../../src/plan/plan.js';

/** What a machine asks of a stage. */
const stage = (resources: PlannedStage['resources'] = {}): PlannedStage =>
  ({ id: 'e', resources, record: undefined }) as unknown as PlannedStage; // the rest is not read
const processors = availableParallelism();

/** The threads of the stages that run at once. */
function together(options: Parameters<typeof machineOf>[0], stages: PlannedStage[]): number[] {
  const machine = machineOf(options);
  return stages.flatMap((s) => machine.lease(s, new Set())?.threads ?? []);
}
const many = Array.from({ length: processors + 1 }, () => stage());

it('gives a stage all processors, and then no other', () => {
  expect(together({}, many)).toEqual([processors]);
});

it('divides the processors among stages at once', () => {
  const share = Math.max(1, Math.floor(processors / 2));
  expect(together({ jobs: 2 }, many)).toEqual(processors > 1 ? [share, share] : [1, 1]);
});

it('takes the threads that it is given, and as many stages as fit', () => {
  expect(together({ threads: 1 }, many)).toEqual(Array.from({ length: processors }, () => 1));
});

it('never leases more processors than there are to stages that say what they need', () => {
  const leased = together({ jobs: 8, threads: 1 }, [stage({ cpus: processors }), ...many]);
  expect(leased[0]).toBe(processors);
  const sum = leased.reduce((total, threads) => total + threads, 0);
  expect(sum).toBeLessThanOrEqual(Math.max(processors, 8));
});

it('gives processors back', () => {
  const machine = machineOf({});
  const first = machine.lease(stage(), new Set());
  expect(machine.lease(stage(), new Set())).toBeUndefined();
  first?.free();
  expect(machine.lease(stage(), new Set())?.threads).toBe(processors);
});
