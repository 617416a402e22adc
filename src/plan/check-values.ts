import type { Json } from '../base/canonical.js';
import { SspError } from '../base/errors.js';
import { placeOf, type Span } from '../base/source.js';
import type { Arg, Call } from '../language/program.js';
import { shortName } from '../language/terms/call-labels.js';
import { outOfBounds } from '../language/types/bounds.js';
import { showType } from '../language/types/show-type.js';
import type { Point } from './plan.js';

/**
 * Holds a value of a call against the bounds of its parameter: the checker does so only where a term has
 * few points. @throws SspError `out-of-range`, `not-a-number`.
 */
export function checkBounds({ extern }: Call, arg: Arg, value: Json, point: Point): void {
  // What is written was checked.
  if (arg.value.kind === 'literal') return;
  const type = extern.params.find(({ name }) => name === arg.name)?.type;
  const problem = type && outOfBounds(value, type);
  if (type === undefined || problem === undefined) return;
  const where = whereOf(arg, point);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw notFinite(arg.name, arg.span, where);
  }
  throw new SspError(
    'out-of-range',
    `${placeText(arg.span)}: \`${arg.name}\` of \`${shortName(extern.name)}\` is ${problem}${where}; expected ${showType(type)}`,
  );
}

/** At which labels of its axes an argument has a value, as text; empty for one that has no axes. */
export function whereOf({ value: { dims } }: Arg, point: Point): string {
  const axes = dims.map((axis) => `${axis} = ${point[axis]}`).join(', ');
  return axes === '' ? '' : ` where ${axes}`;
}

/** The error of a number that no key can hold. */
export function notFinite(name: string, span: Span, where: string): SspError {
  return new SspError(
    'not-a-number',
    `${placeText(span)}: \`${name}\` is no finite, exact number${where}`,
    { help: 'look at what it is calculated from' },
  );
}

function placeText(span: Span): string {
  const { file, line } = placeOf(span);
  return `${file}:${line}`;
}
