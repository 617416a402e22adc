import { digestOf } from '../../../src/base/canonical.js';
import { planPoint } from '../../../src/plan/build-plan.js';
import type { InputResult } from '../../../src/plan/key.js';
import type { PlanWorld } from '../../../src/plan/plan-world.js';
import { unfold } from '../../../src/plan/unfold.js';
import { type Files, programIn } from './study.js';

/** A store in memory: results by key. */
export type FakeStore = Map<string, InputResult>;

export const environment = { IMAGENET: '/data/imagenet', STL10: '/data/stl10' };

/**
 * Runs a pipeline against a store in memory, where a stage's result is made of its key, and tells
 * the ids of what was not there, in the order of the plan. Equal keys are done once. `contents`
 * gives the content of a file by its path; without it every file contains its own name.
 */
export function fakeRun(
  files: Files | string,
  store: FakeStore,
  set: Readonly<Record<string, string>> = {},
  contents: (path: string) => string = (path) => `content of ${path}`,
): readonly string[] {
  const program = programIn(files, set);
  const world: PlanWorld = {
    env: environment,
    numeric: { device: 'cpu', precision: 'fp32' },
    contents: (path) => digestOf('content', contents(path)),
    lookup: (key) => {
      const output = store.get(key);
      return output ? { kind: 'hit', output } : { kind: 'miss' };
    },
    seenNow: () => 'absent',
    latest: () => undefined,
  };
  const outputs = new Map<string, InputResult>();
  const ran: string[] = [];
  for (const point of unfold(program, world)) {
    const { planned, output } = planPoint(point, (id) => outputs.get(id), world);
    if (planned.key === undefined) throw new Error(`${point.id} has no key`);
    const made = output ?? {
      type: point.result,
      digest: digestOf('result', planned.key),
      metrics: Object.fromEntries(Object.keys(point.fields ?? {}).map((field) => [field, 0.5])),
    };
    if (!output) ran.push(point.id);
    store.set(planned.key, made);
    outputs.set(point.id, made);
  }
  return ran;
}
