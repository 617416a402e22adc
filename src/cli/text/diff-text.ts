import pc from 'picocolors';
import { counted } from '../../base/counted.js';
import type { Place } from '../../base/source.js';
import { pathText, valueText } from '../../plan/change-text.js';
import type {
  AxisDifference,
  Difference,
  PointChange,
  ResultDifference,
  StageDifference,
  StageSide,
} from '../../plan/diff/difference.js';

/** A comparison as text: axes, stages, numbers; a change of many points is one line. */
export function diffText(
  paths: { readonly a: string; readonly b: string },
  difference: Difference,
  results: readonly ResultDifference[],
  colour: boolean,
): string {
  const { bold, dim } = pc.createColors(colour);
  const differing = results.filter(({ before, after }) => before !== after);
  const verdict = difference.same ? 'the same experiment' : 'not the same experiment';
  return [
    `${bold(`${paths.a} → ${paths.b}`)}: ${verdict}`,
    ...difference.axes.flatMap((axis) => axisLines(axis)),
    ...difference.stages.flatMap((stage) => stageLines(stage, colour)),
    ...(results.length === 0
      ? []
      : [`${bold('results')}: ${differing.length} of ${results.length} numbers differ`]),
    ...differing.map(({ a, b, metric, before, after }) => {
      const id = a === b ? a : `${a} → ${b}`;
      const by = before === null || after === null ? undefined : after - before;
      const more = by === undefined ? '' : `  ${dim(`${by > 0 ? '+' : ''}${number(by)}`)}`;
      return `  ${id} ${metric}  ${number(before)} → ${number(after)}${more}`;
    }),
  ].join('\n');
}

const number = (value: number | null): string =>
  value === null ? 'none' : String(Number(value.toPrecision(6)));

function axisLines({ a, b, added, removed, renamed }: AxisDifference): readonly string[] {
  if (a === undefined) return [`+ axis ${b}: ${few(added).join(', ')}`];
  if (b === undefined) return [`- axis ${a}: ${few(removed).join(', ')}`];
  const labels = [
    ...few(removed.map((label) => `-${label}`)),
    ...few(added.map((label) => `+${label}`)),
    ...few(renamed.map((label) => `${label.a} is called ${label.b}`)),
  ];
  const name = a === b ? a : `${a} is called ${b}`;
  return [`axis ${name}${labels.length === 0 ? '' : `: ${labels.join(', ')}`}`];
}

/** All, or of many the first, how many are left out, and the last. */
function few(labels: readonly string[]): readonly string[] {
  if (labels.length <= 12) return labels;
  return [...labels.slice(0, 4), `… ${labels.length - 5} more …`, ...labels.slice(-1)];
}

/** How a stage differs: what was changed, and at which points. */
export function stageLines(difference: StageDifference, colour: boolean): readonly string[] {
  const { green, red, bold } = pc.createColors(colour);
  const { a, b, added, removed, changes } = difference;
  if (a === undefined) return b ? [green(`+ stage ${describe(b)}`)] : [];
  if (b === undefined) return [red(`- stage ${describe(a)}`)];
  const name = a.name === b.name ? a.name : `${a.name} is called ${b.name}`;
  const counts = a.points === b.points ? points(a.points) : `${a.points} → ${points(b.points)}`;
  return [
    `${bold(`stage ${name}`)}, ${counts}`,
    ...new Set(told(changes).map((change) => `  ${changeLine(change, b.points)}`)),
    ...(removed.length > 0 ? [red(`  - ${points(removed.length)}: ${some(removed)}`)] : []),
    ...(added.length > 0 ? [green(`  + ${points(added.length)}: ${some(added)}`)] : []),
  ];
}

/** Other work has other parameters: only those of both are worth a line. */
function told(changes: readonly PointChange[]): readonly PointChange[] {
  const work = changes.filter(({ path }) => path === 'stage');
  if (work.length === 0) return changes;
  const both = changes.filter((c) => c.before !== undefined && c.after !== undefined);
  return [...work, ...both.filter(({ path }) => path !== 'stage' && path !== 'version')];
}

function describe({ name, stage, points: n, at }: StageSide): string {
  const work = stage === undefined ? '' : ` (${stage})`;
  return `${name}${work}, ${points(n)}${at === undefined ? '' : `  ${placeText(at)}`}`;
}

function changeLine(change: PointChange, total: number): string {
  const { path, owner, before, after, atBefore, atAfter } = change;
  const n = change.points.length;
  const where =
    n === total
      ? n === 1
        ? ''
        : `  at all ${n} points`
      : n === 1
        ? `  at ${change.points[0]}`
        : `  at ${n} of ${total} points`;
  if (path === 'key') return `what it does differs${where}`;
  if (/^code\.(module|imports|reads)/.test(path)) return `its code differs${where}`;
  if (path === 'output') return `does the same, with another result${where}`;
  const places = [...new Set([atBefore, atAfter].flatMap((at) => (at ? placeText(at) : [])))];
  const lines = places.length === 0 ? '' : `  ${places.join(' → ')}`;
  return `${pathText(path)}  ${valueText(before, owner)} → ${valueText(after, owner)}${where}${lines}`;
}

const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
const points = (n: number): string => counted(n, 'point');

function some(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(' ');
  return ids.length > 3 ? `${shown} …` : shown;
}
