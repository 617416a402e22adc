import { common, type Option, type OptionsOf } from '../command.js';
import { takingFlags } from '../sharing/taking-flags.js';

/** The options of `ssp run`. */
export const runFlags = [
  common.set,
  {
    flags: '--only <stage>',
    about: "run this stage and what it needs: NAME or 'NAME[axis: label]'; may be repeated",
    repeated: true,
  },
  { flags: '--jobs <n>', about: 'stages at once (default: as the processors and GPUs allow)' },
  { flags: '--threads <n>', about: 'threads of a stage without @cpus (default: all / jobs)' },
  common.gpus,
  common.eager,
  common.executor,
  { flags: '--detach', about: 'with --executor slurm: submit what is ready, and leave' },
  { flags: '--keep-going', about: 'after a failure, run what does not depend on it' },
  {
    flags: '--leave-lock',
    about: 'write no lock: for one of several runs of parts beside each other',
  },
  { flags: '--strict', about: 'exit with 1 if an expectation does not hold' },
  { flags: '--frozen', about: 'refuse to run if the plan no longer agrees with the lock' },
  {
    flags: '--from <remote>',
    about: 'take results from this remote instead of making them; may be repeated',
    repeated: true,
  },
  { flags: '--live <page>', about: 'write a page of what is found, anew while the run goes on' },
  { flags: '--profile <file>', about: 'write when each stage ran and waited, as a Chrome trace' },
  common.tensorboard,
  ...takingFlags,
  common.store,
  common.points,
  common.json,
] as const satisfies readonly Option[];

export type RunFlags = OptionsOf<typeof runFlags>;
