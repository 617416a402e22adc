import { UsageError } from '../../base/errors.js';
import type { Lock } from '../../execute/lock/lock.js';
import type { Store } from '../../execute/store/store.js';
import { type Compared, compareExperiments } from '../../plan/diff/compare.js';
import {
  compareResults,
  type KnownResult,
  type ResultDifference,
} from '../../plan/diff/difference.js';
import { experimentOf } from '../../plan/diff/experiment.js';
import { compareKeyed, type KeyedPoint, keyedBeside } from '../../plan/diff/keyed.js';
import { pathsOf } from '../../plan/named-paths.js';
import type { PlanWorld } from '../../plan/plan-world.js';
import { common, type Option, type Options, type OptionsOf } from '../command.js';
import type { Io } from '../io.js';
import { lockAt } from './lock-file.js';
import { ownLock } from './own-lock.js';
import { pipelineFile, settings } from './pipeline.js';
import { onHand } from './results.js';
import { type Opened, openProgram, worldOf } from './session.js';
import { storeFolder } from './store-folder.js';
import { storeToLookAt } from './store-there.js';

/** One of the two things that `ssp diff` compares. */
export type DiffSide = FileSide | LockSide;

interface FileSide extends Opened {
  readonly kind: 'file';
  readonly path: string;
  readonly world: PlanWorld;
  /** Files and folders that are named and cannot be read here. */
  readonly unread: readonly string[];
  /** What `--set` gave to its params. */
  readonly set: Readonly<Record<string, string>>;
}

interface LockSide {
  readonly kind: 'lock';
  readonly path: string;
  readonly lock: Lock;
  readonly store: Store;
}

/** The options that a side is read by. */
export const sideFlags = [
  common.set,
  {
    flags: '--set-a <name=value>',
    about: 'give a param of the first file a value',
    repeated: true,
  },
  { flags: '--set-b <name=value>', about: 'the same for the second file', repeated: true },
  common.store,
  common.points,
  common.gpus,
] as const satisfies readonly Option[];

export type SideFlags = OptionsOf<typeof sideFlags>;

/** Reads a side; undefined for a file with mistakes, which are on stderr then. */
export async function openSide(
  io: Io,
  side: 'a' | 'b',
  given: string | undefined,
  all: SideFlags,
): Promise<DiffSide | undefined> {
  if (given === undefined) throw new UsageError('two files are needed', 'ssp diff A.ssp B.ssp');
  const path = pipelineFile(io, given);
  const options = optionsOf(side, all);
  const openStore = storeToLookAt(io, options);
  if (path.endsWith('.lock')) {
    if (all[setOf(side)] !== undefined) {
      throw new UsageError(`--set-${side}: ${path} is a lock, which has no params`);
    }
    const store = openStore(storeFolder(io, options, path));
    const lock = lockAt(io, path);
    return { kind: 'lock', path, lock, store };
  }
  const opened = openProgram(io, path, options, { withoutData: true, openStore });
  if (opened === undefined) return undefined;
  const world = await worldOf(io, opened, options, { without: 'unreadable' });
  const unread = pathsOf(opened.points).flatMap(({ path: file, kind }) =>
    world.contents(file, kind) === undefined ? [file] : [],
  );
  return { kind: 'file', path, ...opened, world, unread, set: settings(options) };
}

const setOf = (side: 'a' | 'b') => (side === 'a' ? 'setA' : 'setB');

/** What `--set`, `--set-a` and `--set-b` give to one side. */
function optionsOf(side: 'a' | 'b', options: SideFlags): Options {
  const [both, own] = [options.set ?? [], options[setOf(side)] ?? []];
  const ofBoth = settings({ set: both });
  const twice = Object.keys(settings({ set: own })).find((name) => Object.hasOwn(ofBoth, name));
  if (twice !== undefined) {
    throw new UsageError(
      `--set and --set-${side} both give \`${twice}\``,
      `--set is for both files: write \`--set-a ${twice}=…\` and \`--set-b ${twice}=…\``,
    );
  }
  return { ...options, set: [...both, ...own] };
}

/** How many points a side has. */
export function pointsOf(side: DiffSide): number {
  return side.kind === 'file' ? side.points.length : Object.keys(side.lock.stages).length;
}

/** Compares two sides: files by what they mean, a lock by its keys. */
export function compareSides(
  io: Io,
  a: DiffSide,
  b: DiffSide,
): Compared & { readonly results: readonly ResultDifference[] } {
  const compared =
    a.kind === 'file' && b.kind === 'file'
      ? compareFiles(a, b, io.env)
      : compareKeyed(keyedSide(a, b), keyedSide(b, a));
  const results = compareResults(compared.partners, resultsOf(io, a, b), resultsOf(io, b, a));
  return { ...compared, results };
}

function compareFiles(a: FileSide, b: FileSide, env: Io['env']): Compared {
  // Contents are compared with contents and paths with paths.
  const known = a.unread.length + b.unread.length === 0;
  const meant = ({ program, points, world }: FileSide) =>
    experimentOf(program, points, env, (path, kind) =>
      known ? world.contents(path, kind) : undefined,
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
  return keyedBeside(side.points, other.lock.stages, side.world, other.lock.numeric);
}

/**
 * Results by id: those of the lock, or those of the file that are on hand: in the store, or in its own
 * lock where it is not that lock that it is held against.
 */
function resultsOf(
  io: Io,
  side: DiffSide,
  other: DiffSide,
): (id: string) => KnownResult | undefined {
  if (side.kind === 'lock') {
    const { stages } = side.lock;
    return (id) => (stages[id] ? { metrics: stages[id].metrics ?? {} } : undefined);
  }
  const own =
    other.kind === 'lock' ? { lock: undefined } : ownLock(io, side.path, side.set, side.store);
  const outcomes = onHand(side, side.world, own, side.set);
  const known = new Map(outcomes.map(({ planned, record }) => [planned.id, record?.output]));
  return (id) => known.get(id);
}
