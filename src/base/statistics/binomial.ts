/**
 * Probability that of `n` trials, each of which succeeds with probability `p`, exactly `k` do. To
 * twelve digits however many trials, by the saddle point: Loader 2000, Fast and Accurate Computation
 * of Binomial Probabilities.
 */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const error = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  const away = deviance(k, n * p) + deviance(n - k, n * (1 - p));
  return Math.exp(error - away) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** Probability that at most `k` of `n` trials succeed, each with probability a half. */
export function coinsAtMost(k: number, n: number): number {
  if (k >= n) return 1;
  // Terms fall from the middle on: of the smaller tail each is a part of the one before.
  if (2 * k + 1 > n) return 1 - coinsAtMost(n - k - 1, n);
  let ratio = 1;
  let sum = 0;
  for (let i = k; i >= 0 && ratio > 1e-18 * sum; i--) {
    sum += ratio;
    ratio *= i / (n - i + 1);
  }
  return sum * binomialPmf(k, n, 0.5);
}

/** What Stirling's formula leaves of ln n!. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 0;
    for (let i = 2; i <= n; i++) factorial += Math.log(i);
    return factorial - ((n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI));
  }
  const s = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / s) / s) / s) / s) / n;
}

/** x ln(x / m) + m - x, exact where the two are near each other. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
