import { accountName } from '../../base/account.js';
import { SspError } from '../../base/errors.js';
import type { Answer, Ask } from './client.js';
import {
  parseAccounts,
  parseQueue,
  type Queue,
  type QueuedJob,
  sacctWords,
  squeueWords,
} from './queue.js';

/** Slurm's controller as it was asked so far. */
export interface Controller {
  /**
   * Asks for all jobs: one question. False where it does not answer now.
   * @throws SspError `no-slurm` where it never did, and asking again is of no use.
   */
  readonly askQueue: () => Promise<boolean>;
  /** Milliseconds since it was last asked for all jobs. */
  readonly sinceAsked: () => number;
  /** When the question was asked whose answer is known. */
  readonly knownAt: () => number;
  readonly job: (name: string) => QueuedJob | undefined;
  readonly submit: (words: readonly string[]) => Promise<Answer>;
  /** What sacct knows of jobs that squeue has forgotten: one question. Nothing where there is no accounting. */
  readonly accountsOf: (jobs: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Says once what is wrong with what a program asks for, and when that is over. */
  readonly troubled: (program: 'squeue' | 'sbatch', said: string | undefined) => void;
  readonly isTroubled: () => boolean;
}

/** Talks to the controller; `tell` hears when it does not answer, and when it does again. */
export function controllerBy(ask: Ask, tell: (line: string) => void): Controller {
  let queue: { readonly at: number; readonly of: Queue } | undefined;
  let asked = Number.NEGATIVE_INFINITY;
  let accounts = true;
  // a number of an account stands for it
  const user = accountName(process.env) ?? String(process.getuid?.() ?? '');
  // One that answers does not tell that the other does.
  const troubles = new Map<string, string>();
  const troubled: Controller['troubled'] = (program, said) => {
    if (said === undefined) {
      if (troubles.delete(program) && troubles.size === 0) tell('slurm: it answers again');
      return;
    }
    if (said !== troubles.get(program)) tell(`slurm: ${said}; jobs go on, and it is asked again`);
    troubles.set(program, said);
  };
  return {
    askQueue: async () => {
      const at = performance.now();
      asked = at;
      const answer = await ask('squeue', squeueWords(user));
      if (answer.kind === 'error' && queue === undefined && !answer.passing) {
        throw new SspError('no-slurm', `Slurm does not answer: ${answer.said}`, {
          help: 'see that `squeue` works in this shell',
        });
      }
      troubled('squeue', answer.kind === 'text' ? undefined : answer.said);
      if (answer.kind === 'text') queue = { at, of: parseQueue(answer.text) };
      return answer.kind === 'text';
    },
    sinceAsked: () => performance.now() - asked,
    knownAt: () => queue?.at ?? Number.NEGATIVE_INFINITY,
    job: (name) => queue?.of.get(name),
    submit: (words) => ask('sbatch', words),
    accountsOf: async (jobs) => {
      if (!accounts || jobs.length === 0) return new Map();
      const answer = await ask('sacct', sacctWords([...new Set(jobs)]));
      if (answer.kind === 'text') return parseAccounts(answer.text);
      if (!answer.passing || /disabled/i.test(answer.said)) accounts = false;
      return new Map();
    },
    troubled,
    isTroubled: () => troubles.size > 0,
  };
}
