import { shellWord } from '../../base/shell-word.js';
import type { Resources } from '../../language/program.js';
import type { Task } from '../task.js';
import type { Site } from './site.js';

/** What a task of an array gets from the cluster. */
export interface Need {
  readonly gpus: number;
  readonly cpus: number;
  readonly memoryBytes: number | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** Room that an allocation has beyond the time of a stage: to start, and to publish. Seconds. */
const MARGIN = 300;

export const needOf = ({ gpus, threads, memoryBytes, timeoutSeconds }: Task): Need => ({
  gpus: gpus.length,
  cpus: threads,
  memoryBytes,
  timeoutSeconds,
});

/** How many GPUs a stage gets; `computes`: its numbers are those of a GPU where there are any. */
export const gpusFor = ({ gpu }: Site, { gpus }: Resources, computes: boolean): number =>
  gpu === undefined ? 0 : (gpus ?? (computes ? 1 : 0));

/** Tasks for one submission: each is done one after the other, and all get the same. */
export interface Group {
  readonly need: Need;
  /** Keys, by task of the array. */
  readonly tasks: readonly (readonly string[])[];
}

/** Puts tasks that need the same together, as many as one array may have. */
export function grouped(
  tasks: readonly Task[],
  { maxArray, pointsPerTask }: Pick<Site, 'maxArray' | 'pointsPerTask'>,
): readonly Group[] {
  const byNeed = new Map<string, { need: Need; keys: string[] }>();
  for (const task of tasks) {
    const need = needOf(task);
    const name = JSON.stringify(need);
    const found = byNeed.get(name) ?? { need, keys: [] };
    found.keys.push(task.key);
    byNeed.set(name, found);
  }
  return [...byNeed.values()].flatMap(({ need, keys }) =>
    chunks(chunks(keys, pointsPerTask), maxArray).map((part) => ({ need, tasks: part })),
  );
}

export function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** Options of sbatch that say what each task of a group gets. */
export function resourceOptions({ need, tasks }: Group, site: Site): readonly string[] {
  const { gpus, cpus, memoryBytes, timeoutSeconds } = need;
  const points = Math.max(1, ...tasks.map((keys) => keys.length));
  const own = timeoutSeconds === undefined ? undefined : timeoutSeconds * points + MARGIN;
  const seconds = Math.min(own ?? Number.POSITIVE_INFINITY, site.timeSeconds ?? Infinity);
  const memory =
    memoryBytes === undefined ? site.memory : `${Math.max(1, Math.ceil(memoryBytes / 2 ** 20))}M`;
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['partition', site.partition],
    ['account', site.account],
    ['qos', site.qos],
    ['constraint', site.constraint],
    ['nodes', 1],
    ['ntasks', 1],
    ['cpus-per-task', cpus],
    ['mem', memory],
    ['time', Number.isFinite(seconds) ? Math.ceil(seconds / 60) : undefined],
    ['gres', gpus > 0 ? `${site.gpu?.gres ?? 'gpu'}:${gpus}` : undefined],
  ];
  const options = given.flatMap(([name, value]) =>
    value === undefined ? [] : `--${name}=${value}`,
  );
  return [...options, ...site.options];
}

/** All words behind `sbatch` for a group; `output` is a pattern as Slurm reads it. */
export function sbatchWords(
  group: Group,
  site: Site,
  {
    name,
    script,
    output,
  }: { readonly name: string; readonly script: string; readonly output: string },
): readonly string[] {
  return [
    '--parsable',
    `--job-name=${name}`,
    arrayOption(group, site),
    `--output=${output}`,
    '--open-mode=append',
    '--requeue',
    `--signal=B:USR2@${site.signal}`,
    ...resourceOptions(group, site),
    script,
  ];
}

/** One element for each task, as many at once as the site allows. */
export const arrayOption = ({ tasks }: Group, { atOnce }: Pick<Site, 'atOnce'>): string =>
  `--array=0-${tasks.length - 1}${atOnce === undefined ? '' : `%${atOnce}`}`;

/** A path as it stands in the pattern of an output, where `%` begins a number of the job. */
export const inPattern = (path: string): string => path.replaceAll('%', '%%');

/** The script of an array: what the site asks for, then the task of this number. */
export function scriptText(
  command: readonly string[],
  {
    name,
    list,
    store,
    prologue,
  }: Pick<Site, 'prologue'> & Readonly<Record<'name' | 'list' | 'store', string>>,
): string {
  const words = [...command, 'exec-stage', '--many', list, '--store', store].map(shellWord);
  return [
    '#!/bin/bash',
    `# ${name}: task N of the array does the keys in line N of \`tasks\` beside this, from 0.`,
    ...prologue,
    // In the place of the shell, so that signals of Slurm reach it.
    `exec ${words.join(' ')} --line "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}
