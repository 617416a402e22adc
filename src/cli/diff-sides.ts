import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SspError, UsageError } from '../base/errors.js';
import { type Lock, parseLock } from '../execute/lock.js';
import { openWorld } from '../execute/open-world.js';
import { Store } from '../execute/store.js';
import type { Program } from '../language/program.js';
import { type PlanWorld, planPoints } from '../plan/build-plan.js';
import { type Compared, compareExperiments } from '../plan/diff/compare.js';
import {
  compareResults,
  type KnownResult,
  type ResultDifference,
} from '../plan/diff/difference.js';
import { experimentOf } from '../plan/diff/experiment.js';
import { compareKeyed, type KeyedPoint, keyedBeside } from '../plan/diff/keyed.js';
import type { StagePoint } from '../plan/plan.js';
import { unfold } from '../plan/unfold.js';
import type { Options } from './command.js';
import type { Io } from './io.js';
import { compileFile, pipelineFile } from './pipeline.js';
import { numberOption, numericClass } from './session.js';
import { storeFolder } from './store-folder.js';

/** One of the two things that `ssp diff` compares. */
export type DiffSide = FileSide | LockSide;

interface FileSide {
  readonly kind: 'file';
  readonly path: string;
  readonly program: Program;
  readonly points: readonly StagePoint[];
  readonly store: Store;
  /** None when a file that it names cannot be read here; `unread` says which. */
  readonly world: PlanWorld | undefined;
  readonly unread: string | undefined;
}

interface LockSide {
  readonly kind: 'lock';
  readonly path: string;
  readonly lock: Lock;
  readonly store: Store;
}

/** Reads a side; undefined for a file with mistakes, which are on stderr then. */
export async function openSide(
  io: Io,
  given: string | undefined,
  options: Options,
): Promise<DiffSide | undefined> {
  if (given === undefined) throw new UsageError('two files are needed', 'ssp diff A.ssp B.ssp');
  const path = pipelineFile(io, given);
  const store = new Store(storeFolder(io, options));
  if (path.endsWith('.lock')) {
    const lock = parseLock(readFileSync(resolve(io.cwd, path), 'utf8'), path);
    return { kind: 'lock', path, lock, store };
  }
  const program = compileFile(io, path, options);
  if (program === undefined) return undefined;
  const maxPoints = numberOption(options, 'points');
  const points = unfold(program, { env: io.env, maxPoints });
  const side = { kind: 'file', path, program, points, store } as const;
  try {
    const cwd = dirname(resolve(io.cwd, path));
    const numeric = numericClass(options, io.env);
    const world = await openWorld(points, { store, env: io.env, numeric, maxPoints, cwd });
    return { ...side, world, unread: undefined };
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    return { ...side, world: undefined, unread: error.message };
  }
}

/** How many points a side has. */
export function pointsOf(side: DiffSide): number {
  return side.kind === 'file' ? side.points.length : Object.keys(side.lock.stages).length;
}

/** Compares two sides: files by what they mean, a lock by its keys. */
export function compareSides(
  a: DiffSide,
  b: DiffSide,
  env: Io['env'],
): Compared & { readonly results: readonly ResultDifference[] } {
  const compared =
    a.kind === 'file' && b.kind === 'file'
      ? compareFiles(a, b, env)
      : compareKeyed(keyedSide(a, b), keyedSide(b, a));
  const results = compareResults(compared.partners, resultsOf(a), resultsOf(b));
  return { ...compared, results };
}

function compareFiles(a: FileSide, b: FileSide, env: Io['env']): Compared {
  // Contents are compared with contents and paths with paths.
  const known = a.world !== undefined && b.world !== undefined;
  const meant = ({ program, points, world }: FileSide) =>
    experimentOf(program, points, env, (path, kind) =>
      known ? world?.contents(path, kind) : undefined,
    );
  return compareExperiments(meant(a), meant(b));
}

function keyedSide(side: DiffSide, other: DiffSide): readonly KeyedPoint[] {
  if (side.kind === 'lock') {
    return Object.entries(side.lock.stages).map(([id, { key, output }]) => ({
      id,
      key,
      output,
      record: side.store.record(key)?.record,
      places: undefined,
    }));
  }
  if (other.kind === 'file') return [];
  if (side.world === undefined) {
    throw new SspError('unreadable', `${side.path} cannot be held against a lock: ${side.unread}`);
  }
  return keyedBeside(side.points, other.lock.stages, side.world.contents, other.lock.numeric);
}

/** Results by id: those of the lock, or those in the store under the keys of the file. */
function resultsOf(side: DiffSide): (id: string) => KnownResult | undefined {
  if (side.kind === 'lock') {
    const { stages } = side.lock;
    return (id) => (stages[id] ? { metrics: stages[id].metrics ?? {} } : undefined);
  }
  const { world, points, path, store } = side;
  if (world === undefined) return () => undefined;
  const known = new Map<string, KnownResult>();
  for (const { id, key, action } of planPoints(path, points, world).stages) {
    const found = action === 'hit' && key !== undefined ? store.record(key) : undefined;
    if (found) known.set(id, found.output);
  }
  return (id) => known.get(id);
}
