import type { StageContext } from './stage.js';

/** A value that was tried to choose one by its accuracy; none where the training diverged. */
export interface Tried {
  readonly value: number;
  readonly validation: number | undefined;
}

export interface ListOfTried {
  /** What is chosen, such as `rate`, and the parameter that lists what is tried. */
  readonly what: string;
  readonly parameter: string;
  readonly values: readonly number[];
}

/** The smallest that such a list takes. */
const least = 1e-9;

/** The end of a list at which the chosen value stands, if the one beside it is worse: equals show no way on. */
export function endOf(chosen: number, tried: readonly Tried[]): 'smallest' | 'largest' | undefined {
  const scores = new Map(tried.map(({ value, validation }) => [value, validation ?? -1]));
  const values = [...scores.keys()].sort((a, b) => a - b);
  const isAhead = (of: number | undefined): boolean =>
    of !== undefined && (scores.get(chosen) ?? -1) > (scores.get(of) ?? -1);
  if (chosen === values[0] && isAhead(values[1])) return 'smallest';
  if (chosen === values.at(-1) && isAhead(values.at(-2))) return 'largest';
  return undefined;
}

/** Remarks that a value beyond the list may do better than the one that was chosen at its end, and the list to give. */
export function remarkEnd(
  end: 'smallest' | 'largest',
  { what, parameter, values }: ListOfTried,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
  often = '',
): void {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const [last = 1, next = 1] = end === 'smallest' ? sorted : sorted.toReversed();
  const step = stepOf(last / next);
  const beyond = Number((last * step).toPrecision(2));
  const wider = (end === 'smallest' ? [beyond, ...sorted] : [...sorted, beyond]).join(', ');
  const how =
    beyond >= least && Number.isFinite(beyond) ? `, as with \`${parameter}: [${wider}]\`` : '';
  remark(
    `the ${what} that was chosen${often}, ${last}, is the ${end} of the ${sorted.length} that were tried: one beyond it may do better${how}`,
  );
}

/** A step beyond as the last one was, of a fifth at least: a smaller one may be rounded away. */
const stepOf = (last: number): number =>
  last < 1 ? Math.min(1 / 1.2, Math.max(0.1, last)) : Math.max(1.2, Math.min(10, last));
