import pc from 'picocolors';
import { runDocument } from '../../execute/findings/run-document.js';
import { besideLock } from '../../execute/lock/frozen.js';
import type { Lock } from '../../execute/lock/lock.js';
import type { Expectation, Findings, StageOutcome } from '../../execute/record.js';
import type { RunResult } from '../../execute/schedule/run-options.js';
import type { Store } from '../../execute/store/store.js';
import { factsOf } from '../../report/facts.js';
import { remarksOf } from '../../report/remarks.js';
import { renderFacts, renderRemarks, renderTables } from '../../report/terminal.js';
import type { Io } from '../io.js';
import type { RunFlags } from '../run/run-flags.js';
import type { DrivenRun } from '../run/run-program.js';
import { type Ended, endLine } from './end-line.js';
import { failedText, failuresText } from './failures-text.js';

/** Prints a finished run: one document with `--json`, else tables, expectations and remarks. */
export function printRun(
  io: Io,
  file: string,
  result: RunResult,
  findings: Findings,
  options: RunFlags,
): void {
  if (options.json) {
    io.out(JSON.stringify(runDocument(file, result.outcomes, findings), null, 2));
  } else {
    printFindings(io, result.outcomes, findings);
  }
}

/** What is in the results, for a terminal. */
export function printFacts(io: Io, outcomes: readonly StageOutcome[]): void {
  const facts = renderFacts(factsOf(outcomes), { colour: io.colour.out, width: io.width });
  if (facts !== '') io.out(facts);
}

/** Tables and expectations, then what the stages remarked. */
export function printFindings(io: Io, outcomes: readonly StageOutcome[], findings: Findings): void {
  const options = { colour: io.colour.out, width: io.width };
  io.out(renderTables(findings, { ...options, outcomes }));
  const remarks = renderRemarks(remarksOf(outcomes), options);
  if (remarks !== '') io.out(remarks);
}

/** The points of a run that ended in a way; one that was stopped did not fail. */
function endedAs({ outcomes }: RunResult, wanted: StageOutcome['outcome'] | 'stopped') {
  return outcomes.filter(({ outcome, failure }) => {
    const stopped = outcome === 'failed' && failure?.code === 'interrupted';
    return (stopped ? 'stopped' : outcome) === wanted;
  });
}

/** How many points ended how. */
export function endedOf(io: Io, file: string, result: RunResult): Ended {
  const { red } = pc.createColors(io.colour.err);
  const [ran, hit, failed, dropped, stopped, skipped] = (
    ['ran', 'hit', 'failed', 'dropped', 'stopped', 'skipped'] as const
  ).map((outcome) => endedAs(result, outcome).length);
  const parts = [`${ran} ran`, `${hit} hit`];
  if (failed) parts.push(red(`${failed} failed`));
  if (dropped) parts.push(`${dropped} dropped`);
  if (stopped) parts.push(`${stopped} stopped`);
  if (skipped) parts.push(`${skipped} skipped`);
  const nothing = parts.length === 2 && ran === 0;
  // Another run has made meanwhile what this one was about to.
  const others = result.outcomes.filter(({ planned: { action } }) => action === 'run').length;
  const why = !nothing
    ? ''
    : others > 0
      ? `: another run has made ${others} of them meanwhile`
      : ': nothing has changed since the results were made';
  return { file, counts: parts.join(', '), why };
}

/** `study.ssp: 12 ran, 3 hit in 2 min 04 s`, what failed, and what to do next. */
export function lastLines(
  io: Io,
  file: string,
  result: DrivenRun,
  store: Store,
  seconds: number,
): void {
  const { red } = pc.createColors(io.colour.err);
  const failed = endedAs(result, 'failed').map(({ planned }) => planned.id);
  const skipped = endedAs(result, 'skipped').length > 0;
  io.err(endLine(endedOf(io, file, result), seconds));
  // Each failure was explained when it happened.
  if (failed.length > 0) {
    const those = new Set(failed);
    const outcomes = result.outcomes.filter(({ planned }) => those.has(planned.id));
    io.err(`${red('failed')}: ${failedText(failed)}`);
    io.err(failuresText(io, outcomes, store));
  }
  if (failed.length > 0 && skipped && !result.interrupted) {
    io.err('`--keep-going` runs what does not depend on a failed stage');
  }
  if (result.left !== undefined && result.left.points > 0) {
    const { points, names } = result.left;
    io.err(
      `${points} ${points === 1 ? 'point goes' : 'points go'} on in Slurm; the next \`ssp run\` picks them up, and \`scancel --name=${names.join(',')}\` ends them`,
    );
  } else if (result.interrupted && !result.detached) {
    io.err('interrupted; `ssp run` goes on from the last checkpoints');
  }
}

/** The author's numbers beside ours, where they differ. */
export function printBesideLock(io: Io, result: RunResult, lock: Lock): void {
  const all = besideLock(result.outcomes, lock).filter((m) => m.ours !== undefined);
  if (all.length === 0) return;
  const other = all.filter(({ theirs, ours }) => theirs !== ours);
  io.err(`lock: ${all.length - other.length} of ${all.length} metrics are the same to the bit`);
  for (const { id, metric, theirs, ours } of other) {
    io.err(`  ${id} ${metric}: ${theirs ?? 'none'} in the lock, ${ours} here`);
  }
}

/** 130 interrupted, 1 for a failed stage or with `--strict` an expectation that does not hold. */
export function exitCode(result: DrivenRun, findings: Findings, options: RunFlags): number {
  if (result.interrupted && !result.detached) return 130;
  if (result.detached && result.outcomes.every(({ outcome }) => outcome !== 'failed')) return 0;
  if (result.outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'skipped'))
    return 1;
  // Of a part of a study only what is known counts.
  const kept = ({ holds }: Expectation): boolean =>
    options.only === undefined ? holds === true : holds !== false;
  return options.strict && !findings.expectations.every(kept) ? 1 : 0;
}
