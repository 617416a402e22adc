/**
 * Explicit randomness: a stream is named by a seed and a path of labels, so that adding a use
 * somewhere never shifts the numbers of another.
 */
export interface Rng {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** An independent stream; the same labels give the same stream. */
  split(...labels: readonly (string | number)[]): Rng;
}
