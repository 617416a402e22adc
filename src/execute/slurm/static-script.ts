import { counted } from '../../base/counted.js';
import { shellWord } from '../../base/shell-word.js';
import type { Site } from './site.js';
import {
  arrayOption,
  chunks,
  type Group,
  inPattern,
  type Need,
  resourceOptions,
} from './submission.js';

/** A point that has no result yet. */
export interface OpenPoint {
  readonly id: string;
  /** Of its declaration. */
  readonly name: string;
  readonly need: Need;
  /** Ids of points that have to be there before it. */
  readonly after: readonly string[];
}

/** An array of a script: points of one declaration that need the same. Its tasks are ids. */
export interface StaticArray extends Group {
  readonly name: string;
  /** The arrays before it that it waits for, by number. */
  readonly after: readonly number[];
}

/**
 * Puts open points, each behind those that it waits for, into arrays, each behind those that it waits
 * for: one for the points of a declaration that need the same and are as deep, as large as the site
 * allows.
 */
export function arraysOf(open: readonly OpenPoint[], site: Site): readonly StaticArray[] {
  const depths = new Map<string, number>();
  const groups = new Map<string, { points: OpenPoint[]; depth: number }>();
  for (const point of open) {
    const { id, name, need, after } = point;
    // Points of one declaration may wait for each other, as those that halving compares.
    const depth = 1 + Math.max(0, ...after.map((before) => depths.get(before) ?? 0));
    depths.set(id, depth);
    const key = JSON.stringify([name, need, depth]);
    const group = groups.get(key) ?? { points: [], depth };
    group.points.push(point);
    groups.set(key, group);
  }
  const arrays: StaticArray[] = [];
  const numbers = new Map<string, number>();
  for (const { points } of [...groups.values()].sort((a, b) => a.depth - b.depth)) {
    for (const part of chunks(chunks(points, site.pointsPerTask), site.maxArray)) {
      const [first] = points;
      if (first === undefined) continue;
      const all = part.flat();
      const after = all.flatMap((point) => point.after.flatMap((id) => numbers.get(id) ?? []));
      for (const { id } of all) numbers.set(id, arrays.length);
      arrays.push({
        name: first.name,
        need: first.need,
        tasks: part.map((task) => task.map(({ id }) => id)),
        after: [...new Set(after)].sort((a, b) => a - b),
      });
    }
  }
  return arrays;
}

export interface StaticScript {
  /** The file, as people know it. */
  readonly file: string;
  /** The folder that it is known from. */
  readonly cwd: string;
  /** How many points there are, of which the arrays have those without a result. */
  readonly points: number;
  /** The words that run the file in a job, but for `--only` and `--leave-lock`. */
  readonly command: readonly string[];
  /** What the last job is about, if not everything. */
  readonly only: readonly string[];
  /** The folder for what jobs print. */
  readonly output: string;
  readonly arrays: readonly StaticArray[];
}

/** A script that submits arrays with their dependencies, and a last job that prints and writes the lock. */
export function staticScript(script: StaticScript, site: Site): string {
  const { file, cwd, points, command, only, output, arrays } = script;
  const open = arrays.flatMap(({ tasks }) => tasks.flat()).length;
  const words = (all: readonly string[]): string => all.map(shellWord).join(' ');
  const last: Group = {
    need: { gpus: 0, cpus: site.cpus, memoryBytes: undefined, timeoutSeconds: undefined },
    tasks: [],
  };
  const log = `${inPattern(output)}/%x-%j.log`;
  const lastCommand = [...command, ...only.flatMap((name) => ['--only', name])];
  return [
    '#!/bin/bash',
    `# Written by ssp export slurm: ${oneLine(file)}, ${open} of ${points} points had no result.`,
    '# May be run again: what has a result by then is not made again.',
    'set -euo pipefail',
    `cd -- ${shellWord(cwd)}`,
    `mkdir -p -- ${shellWord(output)}`,
    '# The site file says what jobs get, not this shell.',
    `for name in "\${!SBATCH_@}"; do unset "$name"; done`,
    '',
    '# Submits the script on stdin; $job is its number then.',
    'submit() {',
    '  local what=$1',
    '  shift',
    '  job=$(sbatch --parsable --kill-on-invalid-dep=yes --requeue --open-mode=append "$@")',
    `  job=\${job%%;*}`,
    '  echo "$job  $what"',
    '}',
    ...arrays.flatMap((array, n) => [
      '',
      `submit ${shellWord(`${array.name}: ${counted(array.tasks.flat().length, 'point')}`)} ${words(
        [
          `--job-name=${array.name}`,
          arrayOption(array, site),
          `--output=${inPattern(output)}/%x-%A_%a.log`,
          ...resourceOptions(array, site),
        ],
      )}${dependency(array.after)} ${hereDocument([
        '#!/bin/bash',
        ...site.prologue,
        'case "$SLURM_ARRAY_TASK_ID" in',
        ...array.tasks.map((ids, task) => `${task}) set -- ${words(ids.flatMap(onlyOf))} ;;`),
        '*) echo "there is no task $SLURM_ARRAY_TASK_ID" >&2; exit 1 ;;',
        'esac',
        // As a task of a run with a driver, it does all of its points, whatever becomes of one.
        `exec ${words(command)} --leave-lock --keep-going "$@"`,
      ])}`,
      `job${n}=$job`,
    ]),
    '',
    `submit 'tables and lock' ${words([
      '--job-name=tables',
      `--output=${log}`,
      ...resourceOptions(last, site),
    ])}${dependency(arrays.map((_, n) => n))} ${hereDocument([
      '#!/bin/bash',
      ...site.prologue,
      `exec ${words(lastCommand)}`,
    ])}`,
    `echo "the tables come into "${shellWord(output)}"/tables-$job.log"`,
    '',
  ].join('\n');
}

const onlyOf = (id: string): readonly string[] => ['--only', id];

const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');

const dependency = (after: readonly number[]): string =>
  after.length === 0 ? '' : ` --dependency="afterok:${after.map((n) => `$job${n}`).join(':')}"`;

/** Lines as a shell hands them on untouched: behind a word that is none of them. */
function hereDocument(lines: readonly string[]): string {
  const text = lines.join('\n');
  const own = new Set(text.split('\n'));
  let end = 'END';
  while (own.has(end)) end = `${end}_`;
  return `<<'${end}'\n${text}\n${end}`;
}
