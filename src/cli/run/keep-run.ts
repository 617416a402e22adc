import { resolve } from 'node:path';
import { SspError } from '../../base/errors.js';
import { findingsOf } from '../../execute/findings/findings.js';
import type { Predictions } from '../../execute/findings/predictions.js';
import type { RunEntry, RunNumber } from '../../execute/history/run-entry.js';
import { isLogged, logRun } from '../../execute/history/runs.js';
import type { StageOutcome } from '../../execute/record.js';
import { originsOf } from '../../execute/trace/origins.js';
import type { Io } from '../io.js';
import type { Opened } from '../study/session.js';
import { version } from '../version.js';
import type { WholeRun } from './keep-lock.js';

/** Remembers a whole run for `ssp log`; a store that cannot be written says why it is not. */
export function keepRun(
  io: Io,
  { program, store }: Opened,
  { lock, outcomes }: WholeRun,
  predictions: Predictions,
  work: Pick<RunEntry, 'ran' | 'seconds'>,
): void {
  const path = resolve(io.cwd, program.file.path);
  if (isLogged(store, path, lock)) return;
  const { expectations } = findingsOf(program, outcomes, io.env, predictions);
  const entry: RunEntry = {
    version: 1,
    file: program.file.path,
    finishedAt: new Date().toISOString(),
    ...work,
    ssp: version(),
    numbers: numbersOf(program, outcomes, io.env, predictions),
    claims: Object.fromEntries(expectations.map(({ text, holds }) => [text, holds ?? null])),
    lock,
  };
  try {
    logRun(store, path, entry);
  } catch (error) {
    if (!(error instanceof SspError)) throw error;
    io.err(`log: this run is not remembered, as ${error.message}`);
  }
}

/** The numbers in the cells of the tables, by their addresses. */
function numbersOf(
  program: Opened['program'],
  outcomes: readonly StageOutcome[],
  env: Io['env'],
  predictions: Predictions,
): RunEntry['numbers'] {
  const cells = originsOf(program, outcomes, env, predictions).filter(
    ({ kind }) => kind === 'cell',
  );
  return Object.fromEntries(
    cells.flatMap(({ address, numbers }): readonly [string, RunNumber][] => {
      const shown = numbers[0]?.shown;
      if (shown === undefined || !Number.isFinite(shown.mean)) return [];
      const { mean, std, interval, unit } = shown;
      const number = {
        mean,
        ...(std === undefined ? {} : { std }),
        ...(interval === undefined ? {} : { interval }),
        unit,
      };
      return [[address, number]];
    }),
  );
}
