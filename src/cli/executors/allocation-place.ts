import { counted } from '../../base/counted.js';
import { SspError, UsageError } from '../../base/errors.js';
import { inWorker, onMachine } from '../../execute/local/local-executor.js';
import { capacityOf } from '../../execute/local/machine.js';
import type { Executor } from '../../execute/schedule/executor.js';
import type { Site } from '../../execute/slurm/site.js';
import { gpusFor } from '../../execute/slurm/submission.js';
import type { Store } from '../../execute/store/store.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import { numberOption } from '../study/session.js';
import { classOnNodes } from './class-on-nodes.js';
import { workerCommand } from './local-workers.js';
import { numericClass } from './numeric-class.js';
import type { Place } from './place.js';
import { siteFor } from './site-file.js';
import { ON_CLUSTER } from './slurm-place.js';
import { visibleGpus } from './visible-gpus.js';
import { withRuntime } from './with-runtime.js';

/**
 * The allocation of Slurm that this process is in as the place of a run: it is what a job of
 * `ssp export slurm` runs in. Numbers are of the class that the site file says, whether this job has a
 * GPU or not, so that keys are those of the other jobs.
 */
export function inAllocation(io: Io, options: RunFlags, store: Store, file: string): Place {
  const { SLURM_JOB_ID: job, CUDA_VISIBLE_DEVICES: visible } = io.env;
  if (job === undefined) {
    throw new UsageError(
      '--executor allocation goes with a job of Slurm, and SLURM_JOB_ID is not set',
      '`ssp export slurm FILE` writes a script whose jobs use it',
    );
  }
  const site = siteFor(io, file, store.root);
  const numeric = classOnNodes(site, numericClass(options, io.env));
  const gpus = site.gpu === undefined ? 0 : visibleGpus(visible ?? '').length;
  const machine = {
    jobs: numberOption(options, 'jobs') ?? 1,
    threads: numberOption(options, 'threads') ?? site.cpus,
    gpus: Array.from({ length: gpus }, (_, n) => n),
  };
  // The cluster says which GPUs are ours.
  const attempt = inWorker(workerCommand(store, numeric.mode), () => visible ?? '-1');
  const local = onItsDevice(onMachine(machine, attempt), site, gpus);
  const executor = withRuntime(io, numeric.device, local);
  return { numeric, executor, has: capacityOf(machine), gpus: ON_CLUSTER };
}

/** Refuses what would compute on a processor under the key of a GPU. */
const onItsDevice = (executor: Executor, site: Site, gpus: number): Executor => ({
  ...executor,
  room: () => {
    const room = executor.room();
    return {
      ...room,
      lease: (stage) => {
        const { id, resources, record } = stage;
        const wanted = gpusFor(site, resources, record?.numeric?.device === 'cuda');
        if (wanted <= gpus) return room.lease(stage);
        throw new SspError(
          'not-enough-gpus',
          `\`${id}\` needs ${counted(wanted, 'GPU')}; this job of Slurm has ${gpus}`,
          { help: 'its result was there, or to be there: run `ssp export slurm` again' },
        );
      },
    };
  },
});
