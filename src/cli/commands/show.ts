import { findingsOf } from '../../execute/findings/findings.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import { runDocument } from '../../execute/findings/run-document.js';
import { command, common, experiment } from '../command.js';
import { openResults } from '../study/results.js';
import { printFacts, printFindings } from '../text/run-result.js';

export const show = command({
  name: 'show',
  summary: 'print the tables and expectations of the results on hand; runs nothing',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [...experiment, common.json],
  examples: ['ssp show pipelines/quickstart.ssp', 'ssp show study.ssp --json'],
  async run(io, [file], options) {
    const found = await openResults(io, file, options);
    if (found === undefined) return 1;
    const { program, store, outcomes, sources } = found;
    const predictions = predictionsOf(outcomes, store);
    const findings = findingsOf(program, outcomes, io.env, predictions);
    if (options.json) {
      io.out(JSON.stringify(runDocument(program.file.path, outcomes, findings), null, 2));
    } else {
      printFindings(io, outcomes, findings);
      printFacts(io, outcomes);
    }
    for (const source of sources) io.err(source);
    const missing = outcomes.filter(({ outcome }) => outcome === 'skipped').length;
    if (missing > 0) io.err(`${missing} of ${outcomes.length} stages have no result yet: ssp run`);
    return 0;
  },
});
