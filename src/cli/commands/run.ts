import { answersOf } from '../../execute/findings/answers.js';
import { findingsOf } from '../../execute/findings/findings.js';
import { durationText } from '../../report/format-number.js';
import { studyToRun } from '../bundled-study.js';
import { command } from '../command.js';
import { keepRun } from '../keep-run.js';
import { lockBeside } from '../lock-file.js';
import { settings } from '../pipeline.js';
import { onPresentGpus } from '../present-gpus.js';
import { withRunFiles } from '../run-files.js';
import { runFlags } from '../run-flags.js';
import { runProgram } from '../run-program.js';
import { openProgram } from '../session.js';
import { storeRemark } from '../store-folder.js';
import { liveProgress } from '../text/live.js';
import { exitCode, lastLines, printBesideLock, printRun } from '../text/run-result.js';

export const run = command({
  name: 'run',
  summary: 'run what is needed, then print the tables and expectations',
  arguments: [{ name: '[file]', about: 'a .ssp file; by default that of a bundle in --from' }],
  options: runFlags,
  examples: [
    'ssp run pipelines/quickstart.ssp',
    'ssp run pipelines/quickstart.ssp --set seeds=3',
    "ssp run study.ssp --only 'encoder[pairs: sp]' --jobs 2",
  ],
  async run(io, [named], given) {
    const { file, options: asked } = await studyToRun(io, named, given);
    // Slurm says which GPUs a stage gets.
    const options = asked.executor === 'slurm' ? asked : await onPresentGpus(io, asked);
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const path = opened.program.file.path;
    const lock = lockBeside(io, path, settings(options), opened.store.memory);
    const remark = storeRemark(io, options, opened.store.root);
    if (remark !== undefined) io.err(remark);
    const started = performance.now();
    const live = withRunFiles(liveProgress(io), io, opened, options);
    const result = await runProgram(opened, options, lock, live).finally(live.stop);
    const answers = answersOf(result.outcomes, (digest) => opened.store.blobPath(digest));
    const findings = findingsOf(opened.program, result.outcomes, io.env, answers);
    printRun(io, path, result, findings, options);
    if (options.frozen && lock.lock) printBesideLock(io, result, lock.lock);
    const seconds = (performance.now() - started) / 1000;
    const ran = result.outcomes.filter(({ outcome }) => outcome === 'ran').length;
    if (result.whole) keepRun(io, opened, result.whole, { ran, seconds });
    lastLines(io, path, result, opened.store, durationText(seconds));
    return exitCode(result, findings, options);
  },
});
