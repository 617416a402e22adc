import { dirname, resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import { UsageError } from '../../base/errors.js';
import { findingsOf } from '../../execute/findings/findings.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import type { Blob } from '../../execute/record.js';
import { writeEventLogs } from '../../report/event-log.js';
import { readTrainings } from '../../report/history.js';
import { newNotes } from '../../report/stage-file.js';
import { command, common, experiment, type Options } from '../command.js';
import { commitOf } from '../study/commit.js';
import { settings } from '../study/pipeline.js';
import { openResults } from '../study/results.js';
import { version } from '../version.js';

export const report = command({
  name: 'report',
  summary: 'write the results on hand as a self-contained page, Markdown, LaTeX, CSV and JSON',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    { flags: '-o, --out <folder>', about: 'where to write; made if it does not exist' },
    common.tensorboard,
    ...experiment,
  ],
  examples: [
    'ssp report pipelines/quickstart.ssp -o report',
    'ssp report pipelines/quickstart.ssp --tensorboard logs',
  ],
  async run(io, [file], options) {
    const { out, tensorboard } = options;
    if (out === undefined && tensorboard === undefined) {
      throw new UsageError('no folder was given', 'name one with -o FOLDER');
    }
    const found = await openResults(io, file, options);
    if (found === undefined) return 1;
    const { program, texts, store, outcomes, sources } = found;
    const openFile = (blob: Blob): string => store.blobPath(blob.digest);
    if (tensorboard !== undefined) {
      const notes = newNotes();
      const trainings = await readTrainings(outcomes, openFile, notes);
      const count = writeEventLogs(resolve(io.cwd, tensorboard), trainings);
      for (const note of notes.all()) io.err(`note: ${note}`);
      io.out(`tensorboard --logdir ${tensorboard}`);
      io.err(`${counted(count, 'training')} in ${tensorboard}`);
    }
    if (out === undefined) return 0;
    const predictions = predictionsOf(outcomes, store);
    const commit = await commitOf(dirname(resolve(io.cwd, program.file.path)));
    // Draws figures, which takes libraries that no other command needs.
    const { writeReport } = await import('../../report/html.js');
    const { files, notes } = await writeReport(resolve(io.cwd, out), {
      title: [program.doc ?? program.file.path, ...given(options)].join('\n\n'),
      file: program.file.path,
      texts,
      findings: findingsOf(program, outcomes, io.env, predictions),
      outcomes,
      sources,
      environment: { ssp: version(), ...(commit === undefined ? {} : { commit }) },
      openFile,
    });
    for (const note of notes) io.err(`note: ${note}`);
    io.out(`${out}/index.html`);
    io.err(`${files.length} files in ${out}`);
    return 0;
  },
});

/** What was set on the command line: the source alone does not say it. */
function given(options: Options): readonly string[] {
  const set = Object.entries(settings(options)).map(([name, value]) => `--set ${name}=${value}`);
  return set.length === 0 ? [] : [`Run with \`${set.join(' ')}\`.`];
}
