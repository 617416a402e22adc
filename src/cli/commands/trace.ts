import { UsageError } from '../../base/errors.js';
import { shellWord } from '../../base/shell-word.js';
import type { Check } from '../../execute/trace/check.js';
import { lineageDocument, originDocument } from '../../execute/trace/trace-document.js';
import type { TracedStage } from '../../execute/trace/traced-stage.js';
import { command, common, experiment, type Options } from '../command.js';
import type { Io } from '../io.js';
import { type Match, matchesOf, printedNumber } from '../study/trace-matches.js';
import type { OpenedPage, TracePage } from '../study/trace-page.js';
import { checksText, matchesText, traceText } from '../text/trace-text.js';
import { type UnchangedTrace, unchangedTrace } from '../unchanged/unchanged-trace.js';

export const trace = command({
  name: 'trace',
  summary: 'lead from a number of the report to its line, results, keys, data and machine',
  arguments: [
    { name: '<file>', about: 'a .ssp file' },
    {
      name: '<number>',
      about: "a number as it was read, or its place: 'TABLE[axis: label].COLUMN', 'STAGE.METRIC'",
    },
  ],
  options: [
    { flags: '--check', about: 'hash the results and what they were made from again' },
    ...experiment,
    common.json,
  ],
  examples: [
    'ssp trace study.ssp 85.59',
    "ssp trace study.ssp 'transfer_table[method: simclr, on: stl10].sp' --check",
  ],
  async run(io, [file, target], options) {
    if (target === undefined) {
      throw new UsageError(
        'no number was given',
        'name one as it was read, or its place in a table',
      );
    }
    const unchanged = file === undefined ? undefined : unchangedTrace(io, file, options);
    const known = options.check ? undefined : await unchanged?.recall();
    const opened = known ? undefined : await openPage(io, file, options, unchanged);
    const page = known ?? opened;
    if (page === undefined) return 1;
    const matches = matchesOf(page.origins, target);
    const ids = matches.flatMap(({ origin }) => origin.values.flatMap(({ reads }) => reads));
    const lineage = page.lineage(ids);
    const checks = options.check ? await opened?.check(ids) : undefined;
    const [only, ...others] = matches;
    if (options.json) {
      io.out(JSON.stringify(documentOf(page, target, matches, lineage, checks), null, 2));
    } else if (only && others.length === 0) {
      io.out(traceText(only, lineage, io.colour.out));
      io.out(`again     ${page.again}`);
    } else {
      io.out(matchesText(matches, target, io.colour.out));
      io.err(
        `name one of them: ssp trace ${shellWord(page.path)} ${shellWord(only?.origin.address ?? '')}`,
      );
    }
    if (checks && !options.json) io.out(checksText(checks, io.colour.out));
    for (const source of page.sources) io.err(source);
    if (opened) unchanged?.keep(opened);
    return checks && !isChecked(checks) ? 1 : 0;
  },
});

/** All that compiles and plans is loaded only where something may be otherwise. */
async function openPage(
  io: Io,
  file: string | undefined,
  options: Options,
  unchanged: UnchangedTrace | undefined,
): Promise<OpenedPage | undefined> {
  const { openTracePage } = await import('../study/trace-page.js');
  return openTracePage(io, file, options, unchanged?.witness);
}

const documentOf = (
  { path, again }: TracePage,
  target: string,
  matches: readonly Match[],
  lineage: readonly TracedStage[],
  checks: readonly Check[] | undefined,
) => ({
  version: 1,
  file: path,
  target,
  again,
  matches: matches.map(({ origin, numbers, also }) => ({
    ...originDocument(origin, numbers, printedNumber),
    also,
  })),
  stages: lineage.map(lineageDocument),
  ...(checks && {
    checks: checks.map(({ holds, ...check }) => ({ ...check, holds: holds ?? null })),
  }),
});

/** Is all that could be hashed as it was, and was any of the results hashed at all? */
function isChecked(checks: readonly Check[]): boolean {
  const files = checks.filter(({ what }) => what !== 'key');
  return (
    checks.every(({ holds }) => holds !== false) &&
    (files.length === 0 || files.some(({ holds }) => holds))
  );
}
