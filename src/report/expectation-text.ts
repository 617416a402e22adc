import type { Cell, Expectation } from '../execute/record.js';
import { decimalsApart } from './numbers/decimals.js';
import { cellText, printCell } from './numbers/format-number.js';

/** `holds`, `fails`, or `unknown` where results are missing. */
export type Verdict = 'holds' | 'fails' | 'unknown';

export function verdictOf(expectation: Expectation): Verdict {
  if (expectation.holds === undefined) return 'unknown';
  return expectation.holds ? 'holds' : 'fails';
}

type Open = Pick<Expectation, 'silent' | 'untold' | 'points'>;

/** Do all results that there can be leave a claim open? */
const isOpenForGood = ({ silent = [], untold = [], points }: Open): boolean =>
  silent.length > 0 || untold.length > 0 || points === 0;

/** What a claim does: `holds`, `does not hold`, `lacks results`, or `is open` with all of them. */
export function verdictText(expectation: Expectation): string {
  const verdict = verdictOf(expectation);
  if (verdict === 'unknown') return isOpenForGood(expectation) ? 'is open' : 'lacks results';
  return verdict === 'holds' ? 'holds' : 'does not hold';
}

/** Why nobody can say whether a claim holds. */
export function openText({ silent = [], untold = [], points }: Open): string {
  if (points === 0) return 'no points are left to look at';
  if (silent.length > 0) return `images tell nothing: ${silent.join('; ')}`;
  if (untold.length === 0) return 'results are missing';
  const where = untold.join('; ');
  return `the values are too few or too alike to give a number${where === '' ? '' : ` at ${where}`}`;
}

/** What other seeds may say otherwise, as far as intervals tell; nothing where they do not. */
export function unclearText({ unclear = [], points }: Expectation): string {
  if (unclear.length === 0) return '';
  const where =
    points === 1
      ? ''
      : unclear.length === points
        ? 'at each of them '
        : `at ${unclear.length} of ${points} points `;
  return `${where}the 95 % interval of the mean holds the other side too: other seeds may say otherwise`;
}

/** One point of a comparison, ready to print: `44.8 ± 2.0 %`, `>`, `38.4 ± 0.3 %`. */
export interface PrintedSides {
  readonly point: string;
  readonly left: string;
  readonly operator: string;
  readonly right: string;
  readonly fails: boolean;
}

/** The two sides at each point, those that fail first. */
export function printSides(expectation: Expectation): readonly PrintedSides[] {
  const { operator: written = 'against' } = expectation;
  const operator = signs[written] ?? written;
  const unit = expectation.unit ?? 'Float';
  const printed = expectation.sides.map((side) => ({
    point: side.point,
    ...bothSides(side, unit),
    operator,
    fails: side.fails ?? false,
  }));
  return [...printed.filter((p) => p.fails), ...printed.filter((p) => !p.fails)];
}

/** So many points of a claim stand in a report; `report.json` has all. */
export const mostPoints = 200;

/** Both sides with the digits of a table, or, where these show two numbers as one, with as many as tell them apart. */
function bothSides(
  { left, leftStd, right, rightStd }: Expectation['sides'][number],
  unit: Cell['unit'],
): Pick<PrintedSides, 'left' | 'right'> {
  const print = (decimals?: number) => ({
    left: { mean: left, std: leftStd, unit, decimals },
    right: { mean: right, std: rightStd, unit, decimals },
  });
  const usual = print();
  const alike = printCell(usual.left).mean === printCell(usual.right).mean;
  const scale = unit === 'Fraction' || unit === 'FractionDifference' ? 100 : 1;
  const sides = alike ? print(decimalsApart(left * scale, right * scale)) : usual;
  return { left: cellText(sides.left), right: cellText(sides.right) };
}

/** `2 of 4 expectations hold; 1 is open; 1 lacks results`. */
export function expectationSummary(expectations: readonly Expectation[]): string {
  const verdicts = expectations.map(verdictOf);
  const holds = verdicts.filter((v) => v === 'holds').length;
  const unknown = expectations.filter((_, i) => verdicts[i] === 'unknown');
  const open = unknown.filter(isOpenForGood).length;
  const lacking = unknown.length - open;
  const noun = expectations.length === 1 ? 'expectation' : 'expectations';
  const verb = expectations.length === 1 ? 'holds' : 'hold';
  const tails = [
    ...(open > 0 ? [`${open} ${open === 1 ? 'is' : 'are'} open`] : []),
    ...(lacking > 0 ? [`${lacking} ${lacking === 1 ? 'lacks' : 'lack'} results`] : []),
  ];
  return [`${holds} of ${expectations.length} ${noun} ${verb}`, ...tails].join('; ');
}

/** Where it holds or fails: `at all 4 points`, `at both points`, `at 1 of 4 points`; nothing where there is one point. */
export function pointsText(expectation: Expectation): string {
  const { points, failing, holds } = expectation;
  if (points <= 1 || holds === undefined) return '';
  if (!holds) return `at ${failing.length} of ${points} points`;
  return points === 2 ? 'at both points' : `at all ${points} points`;
}

const signs: Readonly<Record<string, string>> = { '<=': '≤', '>=': '≥', '==': '=', '!=': '≠' };
