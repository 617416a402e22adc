/** Arithmetic mean of at least one number; of equal ones exactly that number. */
export function mean(values: readonly number[]): number {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return first;
  return sum(values) / values.length;
}

/** Parts of the largest number that a spread is no more than the rounding of. */
const noise = 1e-12;

/**
 * Sample standard deviation (n - 1); none for fewer than two numbers. Numbers that differ by rounding alone,
 * as 0.82 - 0.8 and 0.83 - 0.81 do, have none: 0.
 */
export function std(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  const squares = sum(values.map((value) => (value - centre) ** 2));
  const spread = Math.sqrt(squares / (values.length - 1));
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return spread <= noise * largest ? 0 : spread;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
