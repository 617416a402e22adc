import { dirname, resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { predictionsOf } from '../../execute/findings/predictions.js';
import { type Check, checkAgain } from '../../execute/trace/check.js';
import { lineageOf } from '../../execute/trace/lineage.js';
import { originsOf } from '../../execute/trace/origins.js';
import { lineageDocument, originDocument } from '../../execute/trace/trace-document.js';
import { command, common, experiment, type Options } from '../command.js';
import { settings } from '../study/pipeline.js';
import { openResults } from '../study/results.js';
import { type Match, matchesOf, printedNumber } from '../study/trace-matches.js';
import { checksText, matchesText, traceText } from '../text/trace-text.js';

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
    const found = await openResults(io, file, options);
    if (found === undefined) return 1;
    const { program, store, outcomes, world, sources } = found;
    const predictions = predictionsOf(outcomes, store);
    const matches = matchesOf(originsOf(program, outcomes, io.env, predictions), target);
    const lineage = lineageOf(matches.flatMap(readsOf), outcomes);
    const cwd = dirname(resolve(io.cwd, program.file.path));
    const [only, ...others] = matches;
    const checks = options.check ? await checkAgain(lineage, outcomes, { store, cwd }) : undefined;
    if (options.json) {
      const document = {
        version: 1,
        file: program.file.path,
        target,
        again: againText(program.file.path, options),
        matches: matches.map(({ origin, numbers, also }) => ({
          ...originDocument(origin, numbers, printedNumber),
          also,
        })),
        stages: lineage.map((outcome) => lineageDocument(outcome, world.contents)),
        ...(checks
          ? { checks: checks.map(({ holds, ...check }) => ({ ...check, holds: holds ?? null })) }
          : {}),
      };
      io.out(JSON.stringify(document, null, 2));
    } else if (only && others.length === 0) {
      io.out(traceText(only, lineage, world.contents, io.colour.out));
      io.out(`again     ${againText(program.file.path, options)}`);
    } else {
      io.out(matchesText(matches, target, io.colour.out));
      io.err(`name one of them: ssp trace ${program.file.path} '${only?.origin.address ?? ''}'`);
    }
    if (checks && !options.json) io.out(checksText(checks, io.colour.out));
    for (const source of sources) io.err(source);
    return checks && !isChecked(checks) ? 1 : 0;
  },
});

/** Is all that could be hashed as it was, and was any of the results hashed at all? */
function isChecked(checks: readonly Check[]): boolean {
  const files = checks.filter(({ what }) => what !== 'key');
  return (
    checks.every(({ holds }) => holds !== false) &&
    (files.length === 0 || files.some(({ holds }) => holds))
  );
}

const readsOf = ({ origin }: Match): readonly string[] =>
  origin.values().flatMap(({ reads }) => reads);

/** The command that makes the numbers again where they are not on hand. */
function againText(file: string, options: Options): string {
  const set = Object.entries(settings(options)).map(([name, value]) => `--set '${name}=${value}'`);
  const gpus = options.gpus === undefined ? [] : [`--gpus ${options.gpus}`];
  return ['ssp run', file, ...set, ...gpus].join(' ');
}
