import { SspError } from '../../base/errors.js';
import type { Plan } from '../../plan/plan.js';
import type { Io } from '../io.js';
import { openTracePage } from '../study/trace-page.js';
import { unchangedRun } from '../unchanged/unchanged-run.js';
import { unchangedTrace } from '../unchanged/unchanged-trace.js';
import type { RunFlags } from './run-flags.js';
import { runStudy } from './run-study.js';

/**
 * Makes the run that would come after one that did much work, without a word: it has nothing to do, is
 * remembered, and the next run of these words need not compare every key; nor has `ssp trace` to lay the
 * tables again. It costs about a hundredth of what the work did. Nothing is started where something has changed since.
 */
export async function rehearse(io: Io, file: string, options: RunFlags): Promise<void> {
  const silent: Io = { ...io, live: false, out: () => {}, err: () => {} };
  const unchanged = unchangedRun(silent, file, options);
  if (unchanged === undefined) return;
  try {
    await runStudy(silent, file, options, { unchanged, onPlan: refuseWork });
    const trace = unchangedTrace(silent, file, options);
    const page = trace && (await openTracePage(silent, file, options, trace.witness));
    if (page) trace.keep(page);
  } catch (error) {
    // The next run says what is wrong.
    if (!(error instanceof SspError)) throw error;
  }
}

function refuseWork({ stages }: Plan): void {
  const some = stages.find(({ action }) => action !== 'hit' && action !== 'drop');
  if (some) throw new SspError('not-run', `\`${some.id}\` would be run`);
}
