import type { NumericClass, Plan, StagePoint } from '../../plan/plan.js';
import type { StageOutcome } from '../record.js';
import type { OnRead } from '../store/content.js';
import type { Store } from '../store/store.js';
import type { Executor } from './executor.js';
import type { OnLook } from './open-world.js';
import type { RunEvent } from './run-event.js';

export interface RunOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly numeric: NumericClass;
  /** What `--set` gave: with the file it tells in the store whose run it is. */
  readonly set?: Readonly<Record<string, string>>;
  /** What the program unfolds to, where that is known. */
  readonly points?: readonly StagePoint[];
  /** `NAME` or `NAME[axis: label]`: those points and what they need. */
  readonly only?: string | readonly string[] | undefined;
  /** Runs what does not depend on a failed stage; otherwise nothing is started after a failure. */
  readonly keepGoing?: boolean | undefined;
  readonly maxPoints?: number | undefined;
  /** The folder of the program's file; paths of files are relative to it. Taken from the program unless given. */
  readonly cwd?: string;
  /** Ends the workers and the run. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
  /** Called with each file that has to be read for its digest. */
  readonly onRead?: OnRead | undefined;
  /** Told what lies outside of the store where it was looked. */
  readonly onLook?: OnLook | undefined;
}

export interface RunResult {
  /** In the order of the plan. */
  readonly outcomes: readonly StageOutcome[];
  /** What was planned before anything was started. */
  readonly plan: Plan;
  readonly interrupted: boolean;
}
