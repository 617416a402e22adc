import { execFile } from 'node:child_process';
import { SspError } from '../../base/errors.js';
import { isLimitOfOneJob } from './pending.js';

/** What one of Slurm's programs has answered. */
export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  /** `passing`: the same question may be answered later. */
  | { readonly kind: 'error'; readonly said: string; readonly passing: boolean };

/** Asks `sbatch`, `squeue`, `sacct` or `scontrol`. @throws SspError `no-slurm` where there is no such program. */
export type Ask = (program: string, words: readonly string[]) => Promise<Answer>;

/** A controller under load answers late. Milliseconds. */
const PATIENCE = 120_000;

/** What the programs say when the controller is down, busy, or takes no more jobs for now. */
const PASSING =
  /unable to contact|timed out|temporarily|connection refused|connection reset|transport endpoint|zero bytes|communication|unexpected message|backup controller|submit limit|MaxSubmit|terminated/i;

/** Asks the programs that are installed here. */
export const askSlurm: Ask = (program, words) =>
  new Promise((resolve, reject) => {
    // Lists of tasks are not cut short; what `SBATCH_…` says would come before the site file.
    const env: NodeJS.ProcessEnv = { ...process.env, SLURM_BITSTR_LEN: '0', LC_ALL: 'C' };
    for (const name of Object.keys(env)) if (/^(SBATCH|SQUEUE|SACCT)_/.test(name)) delete env[name];
    execFile(
      program,
      [...words],
      { env, timeout: PATIENCE, maxBuffer: 2 ** 28 },
      (error, text, complaint) => {
        if (error === null) return resolve({ kind: 'text', text });
        if (error.code === 'ENOENT') return reject(noSlurm(program));
        const said = complaint.trim() === '' ? error.message : lastLines(complaint);
        const passing = PASSING.test(said) && !isLimitOfOneJob(said);
        resolve({ kind: 'error', said, passing: error.killed === true || passing });
      },
    );
  });

const noSlurm = (program: string): SspError =>
  new SspError('no-slurm', `there is no \`${program}\` here`, {
    help: 'run on a machine from which jobs can be submitted, or without `--executor slurm`',
  });

const lastLines = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-3)
    .join('; ')
    .replaceAll(/\bs(batch|queue|acct): (error: )?/g, '');
