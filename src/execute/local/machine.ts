import { availableParallelism, totalmem } from 'node:os';
import { SspError } from '../../base/errors.js';
import type { PlannedStage } from '../../plan/plan.js';
import type { Lease } from '../schedule/executor.js';
import type { Capacity } from './beyond.js';

/** What stages may share. */
export interface MachineOptions {
  /** Stages at once; as many as the machine has room for unless given. */
  readonly jobs?: number | undefined;
  /** Ids of the GPUs that may be leased. */
  readonly gpus?: readonly number[] | undefined;
  /**
   * Threads of a stage without `@cpus`; unless given, the processors divided by `jobs`, or by the
   * GPUs, or all of them.
   */
  readonly threads?: number | undefined;
}

/** Bytes that all stages may use: those of the machine, or of the container. */
function memoryHere(): number {
  const limit = process.constrainedMemory() ?? 0;
  // Without a limit Node reports 0 or a number beyond the machine's memory.
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

type Kind = 'jobs' | keyof Capacity;

/** What stages may share of this machine. */
export function capacityOf(options: MachineOptions): Capacity {
  const processors = availableParallelism();
  return {
    gpus: options.gpus?.length ?? 0,
    cpus: Math.max(processors, lanesOf(options) * shareOf(options)),
    memory: memoryHere(),
  };
}

/** Stages at once, if they share the processors. */
const lanesOf = ({ jobs, gpus = [] }: MachineOptions): number => jobs ?? Math.max(1, gpus.length);

/** Threads of a stage without `@cpus`. */
const shareOf = (options: MachineOptions): number =>
  options.threads ?? Math.max(1, Math.floor(availableParallelism() / lanesOf(options)));

/** Leases GPUs by id, processors, memory and places; in the order in which stages ask. */
export interface Machine {
  /**
   * A lease, or undefined while it is not free. `passed` remembers what stages before this one
   * wait for, so that a stage with a small need never overtakes one with a large need for ever.
   */
  readonly lease: (stage: PlannedStage, passed: Set<string>) => Lease | undefined;
}

export function machineOf(options: MachineOptions): Machine {
  const ids = options.gpus ?? [];
  const share = shareOf(options);
  const total = { jobs: options.jobs ?? Number.POSITIVE_INFINITY, ...capacityOf(options) };
  const left = { ...total };
  const gpus = [...ids];
  const kinds: readonly Kind[] = ['jobs', 'gpus', 'cpus', 'memory'];

  const needOf = (stage: PlannedStage): Record<Kind, number> => {
    const { resources, record } = stage;
    // Without a GPU everything runs on the processor: the numeric class says so in the key.
    const wanted = resources.gpus ?? (record?.numeric?.device === 'cuda' ? 1 : 0);
    if (ids.length > 0 && wanted > ids.length) throw notEnoughGpus(stage.id, wanted, ids.length);
    return {
      jobs: 1,
      gpus: ids.length === 0 ? 0 : wanted,
      cpus: Math.min(resources.cpus ?? share, total.cpus),
      memory: Math.min(resources.memoryBytes ?? 0, total.memory),
    };
  };

  return {
    lease: (stage, passed) => {
      const need = needOf(stage);
      const short = kinds.filter((k) => need[k] > 0 && (need[k] > left[k] || passed.has(k)));
      if (short.length > 0) {
        for (const kind of short) passed.add(kind);
        return undefined;
      }
      for (const kind of kinds) left[kind] -= need[kind];
      const leased = gpus.splice(0, need.gpus);
      return {
        gpus: leased,
        threads: stage.resources.cpus ?? share,
        free: () => {
          for (const kind of kinds) left[kind] += need[kind];
          gpus.push(...leased);
          gpus.sort((a, b) => a - b);
        },
      };
    },
  };
}

export const notEnoughGpus = (id: string, wanted: number, has: number): SspError =>
  new SspError('not-enough-gpus', `\`${id}\` needs ${wanted} GPUs; this run has ${has}`, {
    help: 'name more with `--gpus 0,1,…`, or lower its `@gpu(…)`',
  });
