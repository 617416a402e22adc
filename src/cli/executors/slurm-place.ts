import { fileURLToPath } from 'node:url';
import { askSlurm } from '../../execute/slurm/client.js';
import type { Site } from '../../execute/slurm/site.js';
import { slurmExecutor } from '../../execute/slurm/slurm-executor.js';
import type { Store } from '../../execute/store/store.js';
import { holdBuildForJobs } from '../hold-build.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import { numberOption } from '../study/session.js';
import { classOnNodes } from './class-on-nodes.js';
import { numericClass } from './numeric-class.js';
import type { Place } from './place.js';
import { siteFor } from './site-file.js';
import { withRuntime } from './with-runtime.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** Slurm as the place of a run, as the site file says. */
export function onSlurm(
  io: Io,
  options: RunFlags,
  store: Store,
  file: string,
  onSubmitted: (() => void) | undefined,
): Place {
  const written = siteFor(io, file, store.root);
  const site: Site = {
    ...written,
    cpus: numberOption(options, 'threads') ?? written.cpus,
    ...atOnceOf(numberOption(options, 'jobs') ?? written.atOnce),
  };
  holdBuildForJobs();
  const cluster = slurmExecutor({
    store,
    site,
    ask: askSlurm,
    command: [process.execPath, main],
    tell: (line) => io.err(line),
    onSubmitted,
  });
  const numeric = classOnNodes(site, numericClass(options, io.env));
  const executor = withRuntime(io, numeric.device, cluster);
  return { numeric, executor, has: ofCluster(site), gpus: ON_CLUSTER, cluster };
}

/** What a cluster has: how much of each, Slurm says when a job is submitted. */
export const ofCluster = ({ gpu }: Site): Place['has'] => ({
  gpus: gpu === undefined ? 0 : Number.POSITIVE_INFINITY,
  cpus: Number.POSITIVE_INFINITY,
  memory: Number.POSITIVE_INFINITY,
});

/** How a run on a cluster gets GPUs. */
export const ON_CLUSTER = 'write `gpu` under `slurm` in the site file';

const atOnceOf = (atOnce: number | undefined): Pick<Site, 'atOnce'> =>
  atOnce === undefined ? {} : { atOnce };
