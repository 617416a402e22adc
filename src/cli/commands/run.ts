import { findingsOf } from '../../execute/findings.js';
import { durationText } from '../../report/format-number.js';
import { type Command, common } from '../command.js';
import { lockBeside } from '../lock-file.js';
import { onPresentGpus } from '../present-gpus.js';
import { runProgram } from '../run-program.js';
import { openProgram } from '../session.js';
import { storeRemark } from '../store-folder.js';
import { liveProgress } from '../text/live.js';
import { exitCode, lastLines, printBesideLock, printRun } from '../text/run-result.js';

export const run: Command = {
  name: 'run',
  summary: 'run what is needed, then print the tables and expectations',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    common.set,
    {
      flags: '--only <stage>',
      about: "run this stage and what it needs: NAME or 'NAME[axis: label]'; may be repeated",
      repeated: true,
    },
    { flags: '--jobs <n>', about: 'stages at once (default: as the processors and GPUs allow)' },
    { flags: '--threads <n>', about: 'threads of a stage without @cpus (default: all / jobs)' },
    common.gpus,
    common.eager,
    { flags: '--executor <name>', about: 'where stages run: local' },
    { flags: '--keep-going', about: 'after a failure, run what does not depend on it' },
    { flags: '--strict', about: 'exit with 1 if an expectation does not hold' },
    { flags: '--frozen', about: 'refuse to run if the plan no longer agrees with the lock' },
    common.store,
    common.points,
    common.json,
  ],
  examples: [
    'ssp run pipelines/quickstart.ssp',
    'ssp run pipelines/quickstart.ssp --set seeds=3',
    "ssp run study.ssp --only 'encoder[pairs: sp]' --jobs 2",
  ],
  async run(io, [file], given) {
    const options = await onPresentGpus(io, given);
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const path = opened.program.file.path;
    const lock = lockBeside(io, path);
    const remark = storeRemark(io, options, opened.store.root);
    if (remark !== undefined) io.err(remark);
    const started = performance.now();
    const live = liveProgress(io);
    const result = await runProgram(opened, options, lock, live).finally(live.stop);
    const findings = findingsOf(opened.program, result.outcomes, io.env);
    printRun(io, path, result, findings, options);
    if (options.frozen && lock.lock) printBesideLock(io, result, lock.lock);
    lastLines(io, path, result, durationText((performance.now() - started) / 1000));
    return exitCode(result, findings, options);
  },
};
