import { resolve } from 'node:path';
import { counted } from '../../base/counted.js';
import { UsageError } from '../../base/errors.js';
import { writeBundle } from '../../execute/bundle/write-bundle.js';
import { findingsOf } from '../../execute/findings/findings.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import { signerAt } from '../../execute/remote/signature.js';
import { checkThere } from '../../execute/store/store-place.js';
import { planDocument } from '../../plan/plan-document.js';
import { bytesText } from '../../report/numbers/format-number.js';
import { command, common, experiment } from '../command.js';
import { openOf } from '../sharing/remotes.js';
import { bundleSources } from '../study/bundle-sources.js';
import { outputPath } from '../study/output-path.js';
import { settings } from '../study/pipeline.js';
import { storedOutcomes } from '../study/results.js';
import { openProgram, planOpened } from '../study/session.js';
import { version } from '../version.js';

export const bundle = command({
  name: 'bundle',
  summary: 'write the source of a file, its results and the report on them as one file',
  arguments: [{ name: '<file>', about: 'a .ssp file' }],
  options: [
    { flags: '-o, --out <file>', about: 'what to write: NAME.sspb, or NAME.html for browsers' },
    { flags: '--largest <MiB>', about: 'leave out files of results that are larger (default: 16)' },
    { flags: '--sign <file>', about: 'sign what is in it by this private key of ed25519, in PEM' },
    ...experiment,
    common.json,
  ],
  examples: [
    'ssp bundle study.ssp -o study.sspb',
    'ssp bundle study.ssp -o study.html --largest 100',
  ],
  async run(io, [file], options) {
    const { out } = options;
    if (out === undefined) throw new UsageError('no file was given', 'name one with -o FILE.sspb');
    const largest = mebibytes(options.largest ?? '16');
    const opened = openProgram(io, file, options);
    if (opened === undefined) return 1;
    const path = outputPath(io, out, opened);
    checkThere(opened.store.root);
    const session = await planOpened(io, opened, options);
    const { program, texts, plan, store } = session;
    const outcomes = storedOutcomes(plan, store);
    const predictions = predictionsOf(outcomes, store);
    const keys = new Set(
      plan.stages.flatMap(({ key, action }) => (action === 'hit' ? (key ?? []) : [])),
    );
    const sources = await bundleSources(io, session, largest);
    // Draws figures, which takes libraries that few commands need.
    const { bundlePage } = await import('../../report/page/single-page.js');
    const { page, notes } = await bundlePage({
      title: program.doc ?? program.file.path,
      file: program.file.path,
      texts,
      findings: findingsOf(program, outcomes, io.env, predictions),
      outcomes,
      environment: { ssp: version() },
      openFile: (blob) => store.blobPath(blob.digest),
    });
    const signer = options.sign === undefined ? undefined : signerAt(resolve(io.cwd, options.sign));
    const found = [...keys].flatMap((key) => store.record(key) ?? []);
    const records = signer ? found.map(signer.sign) : found;
    if (signer) io.err(`signed as ${signer.by}`);
    const { bytes, without } = await writeBundle(path, store, {
      page,
      manifest: { version: 1, file: sources.file, set: settings(options) },
      plan: planDocument(plan),
      sources: sources.files,
      records,
      largest,
    });
    const open = openOf(plan);
    const size = without.reduce((sum, blob) => sum + blob.size, 0);
    if (options.json) {
      const left = { sources: sources.without, files: without.length, bytes: size };
      const signedBy = signer?.by ?? null;
      const results = records.length;
      const found = {
        file: out,
        results,
        sources: sources.files.size,
        bytes,
        without: left,
        notes,
      };
      io.out(JSON.stringify({ version: 1, ...found, open, signedBy }, null, 2));
      return 0;
    }
    io.out(
      `${out}: ${counted(records.length, 'result')}, ${sources.files.size} files of source, ${bytesText(bytes)}`,
    );
    for (const note of notes) io.err(`note: ${note}`);
    for (const what of sources.without) io.err(`without ${what}`);
    if (without.length > 0) {
      io.err(`without ${without.length} larger files of results (${bytesText(size)}): --largest`);
    }
    if (open > 0)
      io.err(`${counted(open, 'result')} of ${plan.stages.length} are not made yet: ssp run`);
    return 0;
  },
});

function mebibytes(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 2 ** 20;
  throw new UsageError(`--largest ${text} is no number of MiB`, 'write --largest 16');
}
