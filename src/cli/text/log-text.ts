import pc from 'picocolors';
import type { MovedClaim, MovedNumber, RunChange } from '../../execute/history/compare-runs.js';
import type { RunEntry, RunNumber } from '../../execute/history/run-entry.js';
import { settingsText } from '../../execute/lock/lock.js';
import { cellText, durationText } from '../../report/numbers/format-number.js';
import { stageLines } from './diff-text.js';

/** A run, and what is otherwise in it than in the one before. */
export interface LoggedRun {
  readonly run: RunEntry;
  readonly change: RunChange | undefined;
}

/** So many numbers of a run are told. */
const most = 20;

/** Runs as text, in the order in which they are given. */
export function logText(runs: readonly LoggedRun[], colour: boolean): string {
  return runs.map((logged) => runText(logged, colour)).join('\n\n');
}

function runText({ run, change }: LoggedRun, colour: boolean): string {
  const { bold, dim } = pc.createColors(colour);
  const { finishedAt, lock, ran, seconds, ssp } = run;
  const when = finishedAt.replace(/^(.*)T(.*):\d\d\..*$/, '$1 $2 UTC');
  const total = Object.keys(lock.stages).length;
  const work = `${ran} of ${total} stages ran in ${durationText(seconds)}`;
  const head = `${bold(when)}  ${settingsText(lock.set).replaceAll('`', '')}  ${dim(`${work}, ssp ${ssp}`)}`;
  if (change === undefined) {
    const numbers = Object.entries(run.numbers).map(([at, number]) => `  ${at}  ${shown(number)}`);
    return [head, ...some(numbers)].join('\n');
  }
  const { difference, moved, claims, metrics } = change;
  const differing = metrics.filter(({ before, after }) => before !== after).length;
  const stages = difference.stages.flatMap((stage) => stageLines(stage, colour));
  return [
    head,
    ...stages.map((line) => `  ${line}`),
    ...(difference.same ? ['  the same work'] : []),
    ...some(moved.map((number) => `  ${movedText(number, dim)}`)),
    ...claims.map((claim) => `  ${claimText(claim)}`),
    ...(metrics.length > 0 ? [dim(`  ${differing} of ${metrics.length} metrics moved`)] : []),
  ].join('\n');
}

function movedText({ address, before, after }: MovedNumber, dim: (text: string) => string): string {
  const text = `${address}  ${shown(before)} → ${shown(after)}`;
  if (before === undefined || after === undefined || before.unit !== after.unit) return text;
  // of an interval the middle moves, which is not printed
  if (before.interval || after.interval) return text;
  const unit = after.unit === 'Fraction' ? 'FractionDifference' : after.unit;
  const by = cellText({ mean: after.mean - before.mean, unit }, true);
  return `${text}  ${dim(by)}`;
}

const shown = (number: RunNumber | undefined): string =>
  number === undefined ? 'none' : cellText(number);

function claimText({ text, before, after }: MovedClaim): string {
  const word = (holds: boolean | null | undefined) =>
    holds === undefined ? 'is not asked' : holds === null ? 'is open' : holds ? 'holds' : 'fails';
  return `expect ${text}: ${word(before)} → ${word(after)}`;
}

function some(lines: readonly string[]): readonly string[] {
  const left = lines.length - most;
  return left > 0 ? [...lines.slice(0, most), `  and ${left} more numbers`] : lines;
}
