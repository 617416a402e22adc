import { dirname, resolve } from 'node:path';
import { shellWord } from '../../base/shell-word.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import type { Store } from '../../execute/store/store.js';
import { type Check, checkAgain } from '../../execute/trace/check.js';
import { lineageOf } from '../../execute/trace/lineage.js';
import { type Origin, originsOf } from '../../execute/trace/origins.js';
import { type TracedStage, tracedStage } from '../../execute/trace/traced-stage.js';
import type { Options } from '../command.js';
import type { Io } from '../io.js';
import type { Witness } from '../unchanged/witness.js';
import { lockPaths } from './lock-file.js';
import { settings } from './pipeline.js';
import { openResults } from './results.js';

/** All numbers of a file's report, and what they are made of. */
export interface TracePage {
  /** The file, as it was named. */
  readonly path: string;
  readonly origins: readonly Origin[];
  /** The stages that some points were made from, the nearest first. */
  readonly lineage: (ids: readonly string[]) => readonly TracedStage[];
  /** The command that makes the numbers again where they are not on hand. */
  readonly again: string;
  /** Where the results come from, if not from the store, and what is missing. */
  readonly sources: readonly string[];
}

/** A page of what is there now. */
export interface OpenedPage extends TracePage {
  readonly stages: readonly TracedStage[];
  readonly store: Store;
  /** The locks that may be looked at. */
  readonly locks: readonly string[];
  /** Hashes again what some points were made from. */
  readonly check: (ids: readonly string[]) => Promise<readonly Check[]>;
}

/** Opens a file for its numbers, with whoever notes what is asked for them; undefined when it has mistakes, which are on stderr then. */
export async function openTracePage(
  io: Io,
  file: string | undefined,
  options: Options,
  witness?: Witness,
): Promise<OpenedPage | undefined> {
  const how = witness && { ...witness.opening, onLook: witness.onLook };
  const found = await openResults(witness?.io ?? io, file, options, how);
  if (found === undefined) return undefined;
  const { program, store, outcomes, world, sources } = found;
  const stages = outcomes.map((outcome) => tracedStage(outcome, world.contents));
  const { env } = witness?.io ?? io;
  const cwd = dirname(resolve(io.cwd, program.file.path));
  return {
    path: program.file.path,
    origins: originsOf(program, outcomes, env, predictionsOf(outcomes, store)),
    lineage: (ids) => lineageOf(ids, stages),
    again: againText(program.file.path, options),
    sources,
    stages,
    store,
    locks: lockPaths(io, program.file.path, settings(options)),
    check: (ids) => {
      const behind = new Set(lineageOf(ids, stages).map(({ id }) => id));
      const lineage = outcomes.filter(({ planned }) => behind.has(planned.id)).toReversed();
      return checkAgain(lineage, outcomes, { store, cwd });
    },
  };
}

/** The command that makes the same results, in the same place. */
function againText(file: string, options: Options): string {
  const set = Object.entries(settings(options)).map(([name, value]) => `--set=${name}=${value}`);
  const { store, points, gpus, executor, eager } = options;
  const given = { store, points, gpus, executor };
  const others = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
  const words = [file, ...set, ...others, ...(eager ? ['--eager'] : [])];
  return ['ssp run', ...words.map(shellWord)].join(' ');
}
