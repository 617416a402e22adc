import type { Resources } from '../../language/program.js';
import type { PlannedStage } from '../../plan/plan.js';

/** What the stages of a run may share. */
export interface Capacity {
  readonly gpus: number;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}

/** What a stage wants that is not there. */
export interface Beyond {
  readonly kind: keyof Capacity;
  /** The stage, and at how many points it wants that much. */
  readonly name: string;
  readonly points: number;
  readonly wanted: number;
  readonly has: number;
}

const wanted: Readonly<Record<keyof Capacity, (resources: Resources) => number | undefined>> = {
  gpus: ({ gpus }) => gpus,
  cpus: ({ cpus }) => cpus,
  memory: ({ memoryBytes }) => memoryBytes,
};

/** What of a plan is still to be done and says that it needs more than there is, in the order of the plan. */
export function beyond(stages: readonly PlannedStage[], has: Capacity): readonly Beyond[] {
  const found = new Map<string, Beyond>();
  for (const { name, resources, action } of stages) {
    if (action !== 'run' && action !== 'await') continue;
    for (const kind of ['gpus', 'cpus', 'memory'] as const) {
      const much = wanted[kind](resources) ?? 0;
      if (much <= has[kind]) continue;
      const key = JSON.stringify([kind, name, much]);
      const points = (found.get(key)?.points ?? 0) + 1;
      found.set(key, { kind, name, points, wanted: much, has: has[kind] });
    }
  }
  return [...found.values()];
}
