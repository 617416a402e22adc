import { createHash, randomInt } from 'node:crypto';
import { copyFileSync, linkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import { SspError, UsageError } from '../../base/errors.js';
import type { StageOutcome, StageRecord } from '../../execute/record.js';
import { contentOf } from '../../execute/remote/content-of.js';
import { run } from '../../execute/schedule/run.js';
import { Store } from '../../execute/store/store.js';
import type { Plan } from '../../plan/plan.js';
import type { Options } from '../command.js';
import { localWorkers, machineFor } from '../executors/local-workers.js';
import { numericClass } from '../executors/numeric-class.js';
import type { Io } from '../io.js';
import type { Opened } from '../study/session.js';

/** Which part of what came is made again, and which ones by a seed. */
export interface Part {
  /** Of 1. */
  readonly share: number;
  readonly seed: number;
}

/** `--verify 5%` and `--verify-seed 7`; without a seed one that nobody can foresee. */
export function partOf(verify: string | undefined, seed: string | undefined): Part | undefined {
  if (verify === undefined) return undefined;
  const [, percent = ''] = /^(\d+(?:\.\d+)?)%$/.exec(verify) ?? [];
  if (percent === '' || Number(percent) > 100 || Number(percent) === 0) {
    throw new UsageError(`--verify ${verify} is no part`, 'write --verify 5%');
  }
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) {
    throw new UsageError(`--verify-seed ${seed} is no whole number`);
  }
  return { share: Number(percent) / 100, seed: seed === undefined ? randomInt(1e9) : Number(seed) };
}

/**
 * Makes a part of the results that came again, in a store of their own beside what they read, and says
 * how many are the same to the bit. @throws SspError `disagreement` where one is not.
 */
export async function verifyPart(
  io: Io,
  opened: Opened,
  options: Options,
  { plan, came }: { readonly plan: Plan; readonly came: readonly StageRecord[] },
  { share, seed }: Part,
): Promise<void> {
  const ofPlan = new Set(plan.stages.flatMap(({ key }) => key ?? []));
  const all = came.filter(({ key }) => ofPlan.has(key));
  if (all.length === 0) return;
  const chosen = drawn(all, Math.max(1, Math.round(share * all.length)), seed);
  const scratch = new Store(opened.store.temporary('verify'));
  try {
    const again = await madeAgain(io, opened, options, { plan, chosen, scratch });
    report(io, { all, chosen, again, seed });
  } finally {
    scratch.disk.remove(scratch.root);
  }
}

/** So many records, by a seed and their keys alone. */
function drawn(
  records: readonly StageRecord[],
  count: number,
  seed: number,
): readonly StageRecord[] {
  const lot = ({ key }: StageRecord): string =>
    createHash('sha256').update(`${seed} ${key}`).digest('hex');
  const lots = records.map((record) => ({ record, lot: lot(record) }));
  lots.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  return lots.slice(0, count).map(({ record }) => record);
}

interface Again {
  readonly plan: Plan;
  readonly chosen: readonly StageRecord[];
  readonly scratch: Store;
}

/** How the chosen ended when they were made again, by key. */
async function madeAgain(
  io: Io,
  { program, points, store }: Opened,
  options: Options,
  { plan, chosen, scratch }: Again,
): Promise<ReadonlyMap<string, StageOutcome>> {
  const keys = new Set(chosen.map(({ key }) => key));
  const needed = new Set<string>();
  for (const { id, key, inputs } of [...plan.stages].reverse()) {
    if (!needed.has(id) && !keys.has(key ?? '')) continue;
    for (const one of [id, ...inputs]) needed.add(one);
  }
  scratch.prepare();
  for (const { id, key = '' } of plan.stages) {
    const record = needed.has(id) && !keys.has(key) ? store.record(key) : undefined;
    if (record) putBeside(record, store, scratch);
  }
  const numeric = numericClass(options, io.env);
  const { outcomes } = await run(program, {
    points: points.filter(({ id }) => needed.has(id)),
    store: scratch,
    executor: localWorkers(io, scratch, machineFor(options), numeric),
    env: io.env,
    numeric,
    cwd: dirname(resolve(io.cwd, program.file.path)),
    keepGoing: true,
  });
  const byId = new Map(outcomes.map((outcome) => [outcome.planned.id, outcome]));
  return new Map(
    plan.stages.flatMap(({ id, key }) => {
      const outcome = byId.get(id);
      return key !== undefined && keys.has(key) && outcome ? [[key, outcome] as const] : [];
    }),
  );
}

/** A result of one store in another, its files under second names. */
function putBeside(record: StageRecord, from: Store, to: Store): void {
  for (const { digest } of contentOf(record)) {
    const path = to.blobPath(digest);
    to.makeFolder(dirname(path));
    try {
      linkSync(from.blobPath(digest), path);
    } catch {
      copyFileSync(from.blobPath(digest), path); // a file system without links, or it is there
    }
  }
  to.putRecord(record);
}

interface Verified {
  readonly all: readonly StageRecord[];
  readonly chosen: readonly StageRecord[];
  readonly again: ReadonlyMap<string, StageOutcome>;
  readonly seed: number;
}

function report(io: Io, { all, chosen, again, seed }: Verified): void {
  const differing = chosen.flatMap((record) => {
    const why = difference(record, again.get(record.key));
    return why === undefined ? [] : [`\`${record.id}\`: ${why}`];
  });
  const same = chosen.length - differing.length;
  const of = `${chosen.length} of ${counted(all.length, 'result')} that came, drawn by the seed ${seed}`;
  io.err(`verified ${of}: ${same} ${same === 1 ? 'is' : 'are'} the same to the bit`);
  for (const line of differing) io.err(`  ${line}`);
  if (differing.length === 0) return;
  throw new SspError(
    'disagreement',
    `${differing.length} of ${chosen.length} results that were made again are not those that came`,
    {
      help: 'on another processor or a GPU last digits may differ; else ask whoever sent them, and run with another `--store` without `--from`',
    },
  );
}

/** What is otherwise about a result that was made again; undefined where nothing is. */
function difference(
  { key, output }: StageRecord,
  made: StageOutcome | undefined,
): string | undefined {
  if (made?.record === undefined) return made?.failure?.message ?? 'was not made';
  if (made.planned.key !== key) return 'its inputs came out otherwise';
  const mine = made.record.output;
  if (mine.digest === output.digest) return undefined;
  const names = [...new Set([...Object.keys(output.metrics), ...Object.keys(mine.metrics)])];
  const metrics = names.filter((name) => output.metrics[name] !== mine.metrics[name]);
  if (metrics.length === 0) return 'its files are others here';
  return metrics
    .map(
      (name) =>
        `${name} ${output.metrics[name] ?? 'none'} came, ${mine.metrics[name] ?? 'none'} here`,
    )
    .join(', ');
}
