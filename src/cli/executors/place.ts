import type { Capacity } from '../../execute/local/beyond.js';
import type { Executor } from '../../execute/schedule/executor.js';
import type { SlurmExecutor } from '../../execute/slurm/slurm-executor.js';
import type { NumericClass } from '../../plan/plan.js';

/** Where the stages of a run are done, and in which class of numbers. */
export interface Place {
  readonly numeric: NumericClass;
  readonly executor: Executor;
  /** What its stages may share. */
  readonly has: Capacity;
  /** How a run there gets GPUs. */
  readonly gpus: string;
  /** Of a cluster: jobs go on when this process ends. */
  readonly cluster?: SlurmExecutor;
}
