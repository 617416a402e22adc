import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { openWorld, type WorldOptions } from '../../execute/schedule/open-world.js';
import type { SeenBy } from '../../execute/store/latest.js';
import { Store } from '../../execute/store/store.js';
import type { Program } from '../../language/program.js';
import { planPoints } from '../../plan/build-plan.js';
import type { NumericClass, Plan, StagePoint } from '../../plan/plan.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import { unfold } from '../../plan/unfold.js';
import type { Options } from '../command.js';
import { numericClass } from '../executors/numeric-class.js';
import type { Io } from '../io.js';
import { type Compiled, type Compiling, compileFile, settings } from './pipeline.js';
import { storeFolder } from './store-folder.js';
import { storeToLookAt } from './store-there.js';

/** A compiled file beside its store. */
export interface Opened extends Compiled {
  readonly points: readonly StagePoint[];
  readonly store: Store;
}

/** What every command after `check` works on, `run` aside, which plans as it goes. */
export interface Session extends Opened {
  readonly plan: Plan;
}

/** How a file is opened. */
export interface Opening extends Compiling {
  /** Opens the store in a folder. */
  readonly openStore?: (root: string) => Store;
}

/** Compiles a file; undefined when it has mistakes, which are on stderr then. */
export function openProgram(
  io: Io,
  file: string | undefined,
  options: Options,
  { openStore = (root) => new Store(root), ...how }: Opening = {},
): Opened | undefined {
  const compiled = compileFile(io, file, options, how);
  if (compiled === undefined) return undefined;
  const { program, texts } = compiled;
  const points = unfold(program, { env: io.env, maxPoints: numberOption(options, 'points') });
  return { program, texts, points, store: openStore(storeFolder(io, options, file)) };
}

/** What planning an opened file needs to know of the disk, or of what is there of it. */
export async function worldOf(
  io: Io,
  { program, points, store }: Opened,
  options: Options,
  given: Pick<WorldOptions, 'without' | 'onLook'> & { readonly numeric?: NumericClass } = {},
): Promise<PlanWorld> {
  return openWorld(points, {
    store,
    env: io.env,
    numeric: given.numeric ?? (await classFor(io, options, program.file.path, store)),
    maxPoints: numberOption(options, 'points'),
    of: seenBy(io, program, options),
    without: given.without,
    onLook: given.onLook,
  });
}

/** Under what the store remembers runs of a file with these options. */
export const seenBy = (io: Io, { file }: Program, options: Options): SeenBy => ({
  file: resolve(io.cwd, file.path),
  set: settings(options),
});

/** Compiles and plans a file; what data is not there its stages wait for. Undefined when it has mistakes, which are on stderr then. */
export async function openSession(
  io: Io,
  file: string | undefined,
  options: Options,
): Promise<Session | undefined> {
  const opened = openProgram(io, file, options, { openStore: storeToLookAt(io, options) });
  return opened && planOpened(io, opened, options);
}

/** Plans an opened file. */
export async function planOpened(io: Io, opened: Opened, options: Options): Promise<Session> {
  const { program, points } = opened;
  const world = await worldOf(io, opened, options, { without: 'absent' });
  return { ...opened, plan: planPoints(program.file.path, points, world) };
}

/** Where stages run. @throws UsageError for what is no executor, and for `--gpus` where the cluster says which. */
export function executorOf({
  executor = 'local',
  gpus,
}: Options): 'local' | 'slurm' | 'allocation' {
  if (executor === 'local') return executor;
  if (executor !== 'slurm' && executor !== 'allocation') {
    const all = 'there are `local`, `slurm` and `allocation`';
    throw new UsageError(`\`${executor}\` is no executor`, all);
  }
  if (gpus === undefined) return executor;
  throw new UsageError(
    '--gpus names GPUs of this machine, and Slurm says which a stage gets',
    'write `gpu: {gres: gpu}` under `slurm` in the site file (docs/slurm.md)',
  );
}

/** The class of numbers where `--executor` says that stages run. @throws UsageError, SspError `bad-site`. */
async function classFor(
  io: Io,
  options: Options,
  file: string,
  store: Store,
): Promise<NumericClass> {
  const here = numericClass(options, io.env);
  if (executorOf(options) === 'local') return here;
  const { classOnNodes } = await import('../executors/class-on-nodes.js');
  const { siteFor } = await import('../executors/site-file.js');
  return classOnNodes(siteFor(io, file, store.root), here);
}

/** A whole number of at least 1, or undefined when the option is not given. */
export function numberOption<N extends string>(
  options: { readonly [Name in N]?: string | undefined },
  name: N,
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(`--${name} ${text} is no whole number of at least 1`);
}
