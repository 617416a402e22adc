import { UsageError } from '../../base/errors.js';
import { capacityOf } from '../../execute/local/machine.js';
import type { Store } from '../../execute/store/store.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import { executorOf } from '../study/session.js';
import { HERE } from '../text/beyond-text.js';
import { localWorkers, machineFor } from './local-workers.js';
import { numericClass } from './numeric-class.js';
import type { Place } from './place.js';

/** The executor that `--executor` names. @throws UsageError for options that do not go with it. */
export async function placeOf(
  io: Io,
  options: RunFlags,
  store: Store,
  file: string,
  onSubmitted: () => void,
): Promise<Place> {
  const executor = executorOf(options);
  const { detach } = options;
  if (executor === 'slurm') {
    const { onSlurm } = await import('./slurm-place.js');
    return onSlurm(io, options, store, file, detach ? onSubmitted : undefined);
  }
  if (detach) throw new UsageError('--detach goes with --executor slurm');
  if (executor === 'allocation') {
    const { inAllocation } = await import('./allocation-place.js');
    return inAllocation(io, options, store, file);
  }
  const numeric = numericClass(options, io.env);
  const machine = machineFor(options);
  const workers = localWorkers(io, store, machine, numeric);
  return { numeric, executor: workers, has: capacityOf(machine), gpus: HERE };
}
