/** More digits are the noise of floating-point numbers. */
const most = 8;

/** As many show all that a number is. */
const FULL = 20;

/**
 * Decimals that show two digits of an uncertainty, which is positive: as it is rounded, so that 9.96 is
 * `10` and 0.0996 is `0.10`.
 */
export function decimalsOf(uncertainty: number): number {
  const [, exponent = '0'] = uncertainty.toExponential(1).split('e');
  return Math.min(most, Math.max(0, 1 - Number(exponent)));
}

/** Of shares, in percent: one decimal, as in tables everywhere, and more where an uncertainty would be 0.0. */
export const shareDecimals = (uncertainty: number): number =>
  uncertainty > 0 ? Math.max(1, decimalsOf(uncertainty) - 1) : 1;

/** Decimals that a lone number needs to be shown as another than 0; `usual` where those are enough, or where it is rounding. */
export function decimalsToShow(value: number, usual: number): number {
  if (value === 0 || !Number.isFinite(value)) return usual;
  const enough = Array.from({ length: most + 1 }, (_, decimals) => decimals).find(
    (decimals) => decimals >= usual && /[1-9]/.test(value.toFixed(decimals)),
  );
  return enough ?? usual;
}

/**
 * Decimals by which two numbers that are not equal are shown as two: more than are worth showing elsewhere
 * where rounding alone is between them, as it decides a claim too.
 */
export function decimalsApart(a: number, b: number): number | undefined {
  const all = Array.from({ length: FULL + 1 }, (_, decimals) => decimals);
  return all.find((decimals) => a.toFixed(decimals) !== b.toFixed(decimals));
}
