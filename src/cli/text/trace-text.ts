import pc from 'picocolors';
import { counted } from '../../base/counted.js';
import { own } from '../../base/own.js';
import type { Place } from '../../base/source.js';
import type { Check } from '../../execute/trace/check.js';
import type { TracedStage } from '../../execute/trace/traced-stage.js';
import { bytesText, durationText, numberText } from '../../report/numbers/format-number.js';
import { type Match, printedNumber } from '../study/trace-matches.js';

/** So many values and stages are told one by one. */
const most = 20;

/** The numbers that a target may mean, a line each. */
export function matchesText(matches: readonly Match[], target: string, colour: boolean): string {
  const { bold, dim } = pc.createColors(colour);
  const lines = matches.slice(0, most).map(({ origin, numbers }) => {
    return `  ${origin.address}  ${partsText(numbers)}  ${dim(placeText(origin.at))}`;
  });
  const left = matches.length - lines.length;
  return [
    bold(`${matches.length} numbers are meant by ${target}`),
    ...lines,
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join('\n');
}

/** A number, what it is made of, and the results behind it. */
export function traceText(
  { origin, numbers, also }: Match,
  lineage: readonly TracedStage[],
  colour: boolean,
): string {
  const { bold, dim } = pc.createColors(colour);
  const { values } = origin;
  const shown = lineage.slice(0, most);
  const left = lineage.length - shown.length;
  const unit = origin.numbers[0]?.shown.unit ?? 'Float';
  const lines = values.slice(0, most).map(({ point, value, reads }) => {
    const number = value === undefined ? '' : numberText(value, unit);
    return `    ${[point, number, some(reads)].filter((part) => part !== '').join('  ')}`;
  });
  const mean = origin.over.length > 0 ? `mean over ${origin.over.join(', ')} of ` : 'from ';
  const count = counted(values.length, 'value');
  return [
    `${bold(origin.address)}  ${partsText(numbers)}`,
    ...also.map((address) => `  the same number as ${address}`),
    `  ${origin.expression}  ${dim(placeText(origin.at))}`,
    `  ${mean}${count}`,
    ...lines,
    ...(values.length > most ? [`    and ${values.length - most} more`] : []),
    '',
    bold(`made of ${counted(lineage.length, 'result')}`),
    ...shown.flatMap((traced, i) => {
      const first = shown.findIndex(({ stage }) => stage === traced.stage) === i;
      return stageLines(traced, { colour, first });
    }),
    ...(left > 0 ? [`and ${left} more: \`--json\` has all`] : []),
    ...machineLines(lineage),
  ].join('\n');
}

/** What its record keeps of a stage; the command with the first of those that run it. */
function stageLines(
  traced: TracedStage,
  { colour, first }: { readonly colour: boolean; readonly first: boolean },
): readonly string[] {
  const { bold, dim } = pc.createColors(colour);
  const { id, stage, inputs, command, at, units, outcome, missing = '', record } = traced;
  const data = traced.data.map(({ path, digest }) =>
    digest === null ? `${path} (not on this machine)` : `${path} ${digest.slice(0, 12)}`,
  );
  const head = `${bold(id)}  ${stage}  ${dim(placeText(at))}`;
  if (!record) return [head, `  no result: ${missing}`];
  const { output, key, seconds, finishedAt } = record;
  const metrics = Object.entries(output.metrics).map(([name, value]) =>
    value === null ? `${name} none` : `${name} ${numberText(value, own(units, name) ?? 'Float')}`,
  );
  const files = Object.entries(output.files).map(
    ([name, { size }]) => `${name} (${bytesText(size)})`,
  );
  const when = finishedAt?.replace(/^(.*)T(.*)\..*$/, '$1 $2 UTC');
  const made = [when, `in ${durationText(seconds)}`].filter((part) => part !== undefined);
  return [
    head,
    `  key     ${key}`,
    `  result  ${output.digest}`,
    ...(metrics.length > 0 ? [`  says    ${metrics.join(', ')}`] : []),
    ...(files.length > 0 ? [`  files   ${files.join(', ')}`] : []),
    ...(inputs.length > 0 ? [`  reads   ${some(inputs)}`] : []),
    ...(data.length > 0 ? [`  data    ${data.join(', ')}`] : []),
    ...(first && command ? [`  command ${command.join(' ')}`] : []),
    `  made    ${made.join(' ')}${outcome === 'locked' ? ', as the lock says' : ''}`,
  ];
}

/** What computed the results, once for all that say the same. */
function machineLines(lineage: readonly TracedStage[]): readonly string[] {
  const machines = new Map<string, string[]>();
  for (const { id, record } of lineage) {
    if (!record) continue;
    const facts = Object.entries(record.environment).map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `${name} ${name === 'memory' ? bytesText(Number(value)) : text}`;
    });
    const text = facts.join('; ');
    machines.set(text, [...(machines.get(text) ?? []), id]);
  }
  return [...machines].map(([text, ids]) =>
    machines.size === 1 ? `machine   ${text}` : `machine   ${text} (${some(ids)})`,
  );
}

/** What came of hashing again. */
export function checksText(checks: readonly Check[], colour: boolean): string {
  const { green, red, dim } = pc.createColors(colour);
  const sound = checks.filter(({ holds }) => holds === true);
  const broken = checks.filter(({ holds }) => holds === false);
  const open = checks.filter(({ holds }) => holds === undefined);
  const line = ({ id, what, why = '' }: Check) => `  ${id} ${what}: ${why}`;
  const kinds = ['key', 'result', 'file'].flatMap((kind) => {
    const n = sound.filter(({ what }) => what === kind || what.startsWith(`${kind} `)).length;
    return n === 0 ? [] : [counted(n, kind)];
  });
  return [
    kinds.length === 0
      ? 'nothing could be hashed again'
      : green(`hashed again and the same: ${kinds.join(', ')}`),
    ...(broken.length > 0 ? [red(`not the same: ${broken.length}`), ...broken.map(line)] : []),
    ...(open.length > 0
      ? [dim(`not hashed: ${open.length}`), ...open.slice(0, most).map(line)]
      : []),
  ].join('\n');
}

const partsText = (numbers: Match['numbers']): string =>
  numbers
    .map((number) =>
      number.part === 'value' ? printedNumber(number) : `${number.part} ${printedNumber(number)}`,
    )
    .join(', ');

const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

function some(ids: readonly string[]): string {
  return ids.length > 4 ? `${ids.slice(0, 3).join(' ')} and ${ids.length - 3} more` : ids.join(' ');
}
