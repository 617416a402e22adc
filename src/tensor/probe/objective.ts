/** Value and gradient at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** A smooth function of a vector. */
export type Objective = (x: Float64Array) => Evaluation;
