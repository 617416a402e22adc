/** A remark on results, and the points that it is of, in the order of the plan. */
export interface Remark {
  readonly text: string;
  readonly ids: readonly string[];
}
