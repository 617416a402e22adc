import { command } from '../command.js';
import { runFlags } from '../run/run-flags.js';
import { endLine } from '../text/end-line.js';
import { unchangedRun } from '../unchanged/unchanged-run.js';

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
    const started = performance.now();
    const unchanged = named === undefined ? undefined : unchangedRun(io, named, given);
    const end = await unchanged?.repeat();
    if (end !== undefined) {
      io.err(endLine(end.ended, (performance.now() - started) / 1000));
      return end.code;
    }
    // All that plans and runs is loaded only when it has something to do.
    const { runStudy } = await import('../run/run-study.js');
    const { code, didMuch } = await runStudy(io, named, given, { unchanged });
    if (didMuch && unchanged && named !== undefined) {
      const { rehearse } = await import('../run/rehearse.js');
      await rehearse(io, named, given);
    }
    return code;
  },
});
