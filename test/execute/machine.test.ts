import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { beyondText } from '../../src/cli/text/beyond-text.js';
import { beyond } from '../../src/execute/local/beyond.js';
import { capacityOf, machineOf } from '../../src/execute/local/machine.js';
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

it('holds the memory that stages say, and lets the others work meanwhile', () => {
  const machine = machineOf({ threads: 1 });
  const { memory } = capacityOf({});
  const want = (share: number) => stage({ memoryBytes: memory * share, cpus: 0 });
  const first = machine.lease(want(0.75), new Set());
  expect(first).toBeDefined();
  expect(machine.lease(want(0.5), new Set())).toBeUndefined();
  expect(machine.lease(want(0.25), new Set())).toBeDefined();
  first?.free();
  expect(machine.lease(want(0.5), new Set())).toBeDefined();
});

it('finds what stages want that is not there, of what is still to be done', () => {
  const planned = (name: string, action: string, resources: PlannedStage['resources']) =>
    ({ name, action, resources }) as unknown as PlannedStage; // the rest is not read
  const stages = [
    planned('a', 'run', { gpus: 1 }),
    planned('a', 'await', { gpus: 1, memoryBytes: 3 * 2 ** 30 }),
    planned('b', 'hit', { gpus: 8 }),
    planned('c', 'run', { cpus: 64, memoryBytes: 2 ** 30 }),
  ];
  const found = beyond(stages, { gpus: 0, cpus: 2, memory: 2 * 2 ** 30 });
  expect(found.map((one) => beyondText(one, 'name GPUs with --gpus'))).toEqual([
    '`a` (2 points) wants 1 GPU and there is none: it runs on the processor (name GPUs with --gpus)',
    '`a` wants 3.0 GiB of memory and there are 2.0 GiB: it gets all, beside no other stage with @memory, and memory may run out',
    '`c` wants 64 processors and there are 2: it gets them all',
  ]);
});
