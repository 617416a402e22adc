/**
 * Student's t with `degrees` degrees of freedom: the probability of a value below `value`, to twelve digits also far
 * out and for many degrees.
 * Source: NIST Digital Library of Mathematical Functions, 8.17.22, the incomplete beta function as a
 * continued fraction.
 */
export function studentCdf(value: number, degrees: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  const tail = tailBeyond(Math.abs(value), degrees);
  return value > 0 ? 1 - tail : tail;
}

/** The value that one below is found with probability `probability`, between a half and 1. */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = 1;
  const beyond = 1 - probability;
  while (tailBeyond(high, degrees) > beyond) {
    low = high;
    high *= 2;
  }
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (tailBeyond(middle, degrees) > beyond) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of a value above `size`, which is not negative. */
function tailBeyond(size: number, degrees: number): number {
  if (size === Number.POSITIVE_INFINITY) return 0;
  const square = size ** 2;
  const [near, far] = [degrees / (degrees + square), square / (degrees + square)];
  // sqrt(far), where squares are too small or too large to add
  const root = size / Math.hypot(Math.sqrt(degrees), size);
  const a = degrees / 2;
  const front =
    (Math.exp(a * -Math.log1p(square / degrees)) * root * gammaRatio(a)) / Math.sqrt(Math.PI);
  // the fraction converges quickly on the side of the mean that the value is at
  if (near < (a + 1) / (a + 2.5)) return (front / (2 * a)) * betaFraction(near, a, 0.5);
  return 0.5 - front * betaFraction(far, 0.5, a);
}

/** Γ(a + 1/2) / Γ(a) for multiples of a half: by recurrence, of large ones by its asymptotic series. */
function gammaRatio(a: number): number {
  if (a >= 100) {
    const series = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144];
    return Math.sqrt(a) * series.reduceRight((sum, term) => sum / a + term, 0);
  }
  const whole = Number.isInteger(a);
  let ratio = whole ? Math.sqrt(Math.PI) / 2 : 1 / Math.sqrt(Math.PI);
  for (let at = whole ? 1 : 0.5; at < a; at++) ratio *= (at + 0.5) / at;
  return ratio;
}

/** By the method of Lentz: Press et al., Numerical Recipes, section 6.4. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const safe = (number: number): number => (Math.abs(number) < tiny ? tiny : number);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return fraction;
}
