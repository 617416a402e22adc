import { basename, resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { findingsOf } from '../../execute/findings/findings.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import { runsFolder } from '../../execute/history/runs.js';
import type { StageOutcome } from '../../execute/record.js';
import { keysOfRoot, rootOfRun } from '../../execute/store/roots.js';
import { onPresentGpus } from '../executors/present-gpus.js';
import type { Io } from '../io.js';
import { lockBeside, lockPaths } from '../study/lock-file.js';
import { settings } from '../study/pipeline.js';
import { type Opened, openProgram } from '../study/session.js';
import { storeRemark } from '../study/store-folder.js';
import { liveProgress } from '../text/live-progress.js';
import { endedOf, exitCode, lastLines, printBesideLock, printRun } from '../text/run-result.js';
import { numericAnswer } from '../unchanged/question.js';
import type { UnchangedRun } from '../unchanged/unchanged-run.js';
import { studyToRun } from './bundled-study.js';
import { keepRun } from './keep-run.js';
import { withRunFiles } from './run-files.js';
import type { RunFlags } from './run-flags.js';
import { type DrivenRun, type OnPlan, runProgram } from './run-program.js';

type Outcome = StageOutcome['outcome'];

/** One stage in so many is much. */
const MUCH = 10;

export interface StudyRun {
  readonly code: number;
  /** Did it make a good part of the results, and has a run after it nothing to do? */
  readonly didMuch: boolean;
}

/** Runs a study and says what came of it. */
export async function runStudy(
  terminal: Io,
  named: string | undefined,
  given: RunFlags,
  { unchanged, onPlan }: { readonly unchanged: UnchangedRun | undefined; readonly onPlan?: OnPlan },
): Promise<StudyRun> {
  for (const [flag, value] of [
    ['--verify', given.verify],
    ['--verify-seed', given.verifySeed],
    ['--require-signed', given.requireSigned],
  ]) {
    if (value !== undefined && given.from === undefined) {
      throw new UsageError(`${flag} goes with --from: it is about what comes from a remote`);
    }
  }
  const witness = unchanged?.witness;
  const io = witness?.io ?? terminal;
  const { file, options: asked } = await studyToRun(io, named, given);
  // Slurm says which GPUs a stage gets.
  const options = asked.executor === 'slurm' ? asked : await onPresentGpus(io, asked);
  const opened = openProgram(io, file, options, witness?.opening);
  if (opened === undefined) return { code: 1, didMuch: false };
  const { program, store } = opened;
  const { path } = program.file;
  /** What the run may write beside its results: it had nothing to do if these stay as they are. */
  const lookBeside = (): void => {
    for (const lock of lockPaths(io, path, settings(options))) witness?.file(lock);
    witness?.files(runsFolder(store, resolve(io.cwd, path)));
  };
  lookBeside();
  const lock = lockBeside(io, path, settings(options), store.memory);
  const remark = storeRemark(io, options, store.root);
  if (remark !== undefined) io.err(remark);
  const started = performance.now();
  const shown = await liveProgress(io);
  const live = withRunFiles(witness?.overhear(shown) ?? shown, io, opened, options);
  const watch = { onLook: witness?.onLook, onPlan };
  const result = await runProgram(opened, options, lock, live, watch).finally(live.stop);
  // Those of the whole experiment are more where a part was run.
  const predictions = predictionsOf(result.whole?.outcomes ?? result.outcomes, store);
  const findings = findingsOf(program, result.outcomes, io.env, predictions);
  printRun(io, path, result, findings, options);
  if (options.frozen && lock.lock) printBesideLock(io, result, lock.lock);
  const seconds = (performance.now() - started) / 1000;
  const ran = result.outcomes.filter(({ outcome }) => outcome === 'ran').length;
  if (result.whole) keepRun(io, opened, result.whole, predictions, { ran, seconds });
  const said = witness?.said() ?? [];
  lastLines(io, path, result, store, seconds);
  if (result.whole?.notWritten) throw result.whole.notWritten;
  const code = exitCode(result, findings, options);
  // Of results that are missing beside a part it was not asked what would change that.
  const isAsked = options.only === undefined || result.whole !== undefined;
  const isEnd = isAsked && hadNothingToDo(result);
  const root = unchanged && isEnd && wholeRoot(io, opened, options, result);
  if (root) {
    lookBeside();
    const { note } = unchanged.witness;
    note(['numeric'], numericAnswer(result.numeric));
    note(['root', basename(root.path)], root.digest);
    const ended = endedOf(io, path, result);
    unchanged.keep(store, { said, ended, code, root: basename(root.path) });
  }
  const isMuch = ran * MUCH >= result.outcomes.length;
  return { code, didMuch: isMuch && all(result, ['ran', 'hit', 'dropped']) };
}

/** Was nothing planned either? What another run has made meanwhile was to be done. */
const hadNothingToDo = (result: DrivenRun): boolean =>
  all(result, ['hit', 'dropped']) &&
  result.plan.stages.every(({ action }) => action === 'hit' || action === 'drop');

const all = ({ outcomes, interrupted }: DrivenRun, ends: readonly Outcome[]): boolean =>
  !interrupted && outcomes.every(({ outcome }) => ends.includes(outcome));

/** What the store has written down of what a run used, if it has all of it. */
function wholeRoot(
  io: Io,
  { program, store }: Opened,
  options: RunFlags,
  { outcomes, numeric }: DrivenRun,
) {
  const file = resolve(io.cwd, program.file.path);
  const root = rootOfRun(store, { file, set: settings(options), numeric });
  if (root === undefined) return undefined;
  const keys = new Set(keysOfRoot(root));
  const isWhole = outcomes.every(({ planned: { key } }) => key === undefined || keys.has(key));
  return isWhole ? root : undefined;
}
