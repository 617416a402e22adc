/** A task of an array, as squeue and sacct tell of it. */
export interface Queued {
  /** As in `PENDING`, `RUNNING`, `OUT_OF_MEMORY`. */
  readonly state: string;
  /** Why it is in this state, as in `Resources`, `JobHeldUser`. */
  readonly reason: string;
}

/** The words behind `squeue`: one question for all jobs of a user, those that have just ended included. */
export const squeueWords = (user: string): readonly string[] => [
  '--noheader',
  '--states=all',
  // Else tasks that wait are one line with the reasons of all of them, `Priority,JobHeldUser`.
  '--array',
  `--user=${user}`,
  // A name may have any character, so it stands last.
  '--format=%F|%K|%T|%r|%j',
];

/** The names of jobs of ssp begin so. */
export const NAME = 'ssp-';

/** By name of the job and number of the task. Of a task that was requeued the last line counts. */
export type Queue = ReadonlyMap<string, QueuedJob>;

/** An array by its number, and its tasks. */
export interface QueuedJob {
  readonly job: string;
  readonly tasks: Tasks;
}

/** States by number; tasks that have not begun stand as ranges. */
interface Tasks {
  readonly of: (index: number) => Queued | undefined;
}

/** What squeue has answered, of the jobs of ssp. */
export function parseQueue(text: string): Queue {
  const jobs = new Map<string, { job: string; ranges: Range[]; rest?: Queued }>();
  for (const line of text.split('\n')) {
    const [job = '', indices = '', state = '', reason = '', ...rest] = line.trim().split('|');
    const name = rest.join('|');
    if (!name.startsWith(NAME) || state === '') continue;
    const found = jobs.get(name) ?? { job, ranges: [] };
    // What is left of an array of which tasks were cancelled together before they began.
    if (indices === 'N/A' && isOver(state)) found.rest = { state, reason };
    for (const [from, to] of rangesIn(indices)) found.ranges.push({ from, to, state, reason });
    jobs.set(name, found);
  }
  return new Map(
    [...jobs].map(([name, { job, ranges, rest }]) => [name, { job, tasks: tasksOf(ranges, rest) }]),
  );
}

interface Range extends Queued {
  readonly from: number;
  readonly to: number;
}

/** `rest`: how those stand that have no line. */
function tasksOf(ranges: readonly Range[], rest: Queued | undefined): Tasks {
  const single = new Map<number, Range>();
  for (const range of ranges) {
    const before = single.get(range.from);
    const isOne = range.from === range.to;
    // What is at work says more than an earlier run of the same task that has ended.
    if (isOne && (before === undefined || isOver(before.state))) single.set(range.from, range);
  }
  const wide = ranges.filter(({ from, to }) => from !== to);
  return {
    of: (index) =>
      single.get(index) ?? wide.find(({ from, to }) => from <= index && index <= to) ?? rest,
  };
}

/** `3`, `0-4,7,9-12%2`, `[0-4]`: the ranges in it; none where it is no array. */
function rangesIn(text: string): readonly (readonly [number, number])[] {
  const inner = text.replace(/^\[|\]$/g, '').replace(/%\d+\]?$/, '');
  return inner.split(',').flatMap((part) => {
    const [, from, to = from, step = '1'] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return [];
    if (step === '1') return [[Number(from), Number(to)] as const];
    const all: [number, number][] = [];
    for (let n = Number(from); n <= Number(to); n += Number(step)) all.push([n, n]);
    return all;
  });
}

/** States in which a task does nothing any more and will not. */
const OVER: readonly string[] = [
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
];

/** Is a state an end? One that is not known is none: never taken for success or failure. */
export const isOver = (state: string): boolean => OVER.includes(state);

/** The words behind `sacct`: one question for all jobs that squeue has forgotten. */
export const sacctWords = (jobs: readonly string[]): readonly string[] => [
  '--noheader',
  '--parsable2',
  '--allocations',
  '--format=JobID,State',
  `--jobs=${jobs.join(',')}`,
];

/** What sacct has answered: the state of `JOB_INDEX`. Tasks that never began may stand as `JOB_[4-6%2]`. */
export function parseAccounts(text: string): ReadonlyMap<string, string> {
  const [single, wide] = [new Map<string, string>(), new Map<string, string>()];
  for (const line of text.split('\n')) {
    const [id = '', said = ''] = line.trim().split('|');
    // `CANCELLED by 1000`
    const [state = ''] = said.split(' ');
    const [, job, tasks = ''] = /^(\d+)_(\d+|\[.*\])$/.exec(id) ?? [];
    if (job === undefined || state === '') continue;
    const into = tasks.startsWith('[') ? wide : single;
    for (const [from, to] of rangesIn(tasks)) {
      for (let n = from; n <= to; n += 1) into.set(`${job}_${n}`, state);
    }
  }
  // A task that began has a line of its own, which may stand beside the range that it was in.
  return new Map([...wide, ...single]);
}
