import { fileURLToPath } from 'node:url';
import { withHugePages } from '../../execute/local/huge-pages.js';
import { localExecutor } from '../../execute/local/local-executor.js';
import type { MachineOptions } from '../../execute/local/machine.js';
import type { Command } from '../../execute/local/worker-pool.js';
import type { Executor } from '../../execute/schedule/executor.js';
import type { Store } from '../../execute/store/store.js';
import type { NumericClass } from '../../plan/plan.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import { numberOption } from '../study/session.js';
import { gpuIds } from './numeric-class.js';
import { withRuntime } from './with-runtime.js';

const worker = fileURLToPath(new URL('../waiting-worker.js', import.meta.url));

/** What starts a worker of this machine on a store. */
export const workerCommand = (store: Store, mode?: NumericClass['mode']): Command => ({
  command: process.execPath,
  args: [worker, store.root],
  env: {
    GLIBC_TUNABLES: withHugePages(process.env.GLIBC_TUNABLES),
    ...(mode === 'eager' && { SSP_EAGER: '1' }),
  },
});

/** What stages may share of this machine, as options say. */
export const machineFor = (
  options: Options & { readonly jobs?: string | undefined; readonly threads?: string | undefined },
): MachineOptions => ({
  jobs: numberOption(options, 'jobs'),
  threads: numberOption(options, 'threads'),
  gpus: gpuIds(options),
});

/** The workers of this machine on a store; TensorFlow is set up when the first stage needs it. */
export const localWorkers = (
  io: Io,
  store: Store,
  machine: MachineOptions,
  { device, mode }: NumericClass,
): Executor => withRuntime(io, device, localExecutor(workerCommand(store, mode), machine));
