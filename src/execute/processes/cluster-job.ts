import { execFileSync } from 'node:child_process';

/** A job of Slurm, and the node where it began. */
export interface ClusterJob {
  readonly job: string;
  readonly node: string;
}

/** The job that this process is part of. */
export function clusterJob(): ClusterJob | undefined {
  const { SLURM_JOB_ID: job, SLURMD_NODENAME: node } = process.env;
  return job && node ? { job, node } : undefined;
}

/** How long Slurm is waited for, and how long an answer holds. Milliseconds. */
const PATIENCE = 5000;
const HOLDS = 30_000;

const answers = new Map<string, { readonly at: number; readonly gone: boolean }>();

/**
 * Does Slurm say that a job does not run on its node any more? False where it says nothing. Of a job that
 * was requeued, what ran on the node before is gone. Asks at most every 30 s.
 */
export function isJobGone(of: ClusterJob): boolean {
  const name = `${of.job} ${of.node}`;
  const known = answers.get(name);
  if (known && performance.now() - known.at < HOLDS) return known.gone;
  const gone = asked(of);
  answers.set(name, { at: performance.now(), gone });
  return gone;
}

function asked({ job, node }: ClusterJob): boolean {
  try {
    const words = ['-h', '-t', 'all', '-j', job, '-o', '%T %N'];
    const text = execFileSync('squeue', words, {
      encoding: 'utf8',
      timeout: PATIENCE,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return !text.split('\n').some((line) => works(line, node));
  } catch (error) {
    // It forgets jobs that have ended.
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return said.includes('Invalid job id');
  }
}

/** Is a line of squeue one of a job that has processes on a node? */
function works(line: string, node: string): boolean {
  const [state = '', nodes = ''] = line.trim().split(' ');
  const over = ['PENDING', 'COMPLETED', 'CANCELLED', 'FAILED', 'TIMEOUT', 'NODE_FAIL', 'PREEMPTED'];
  // `n[1-3]`: which of several they are is not looked into.
  return !over.includes(state) && (nodes === node || /[[,]/.test(nodes));
}
