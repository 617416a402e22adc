/** More digits are the noise of floating-point numbers. */
const most = 8;

/**
 * Decimals that show two digits of an uncertainty, which is positive: as it is rounded, so that 9.96 is
 * `10` and 0.0996 is `0.10`.
 */
export function decimalsOf(uncertainty: number): number {
  const [, exponent = '0'] = uncertainty.toExponential(1).split('e');
  return Math.min(most, Math.max(0, 1 - Number(exponent)));
}
