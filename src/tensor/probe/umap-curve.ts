/** How alike points of a map at a distance x count as: 1 / (1 + a x^2b). */
export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** Distances that the curve is fitted at, up to the last. */
const count = 300;
const last = 3;

/**
 * The curve nearest, by least squares, to 1 up to a distance and exp(`minDistance` - x) beyond: umap-learn's
 * `find_ab_params` with a spread of 1. By Gauss and Newton's steps, shortened where they do not help.
 */
export function curveOf(minDistance: number): Curve {
  const xs = Array.from({ length: count }, (_, i) => (last * i) / (count - 1));
  const ys = xs.map((x) => (x < minDistance ? 1 : Math.exp(minDistance - x)));
  let at: Curve = { a: 1, b: 1 };
  let { error, step } = newton(at, xs, ys);
  for (let round = 0; round < 100; round++) {
    let length = 1;
    let next = at;
    let better = newton(next, xs, ys);
    for (; length > 1e-6; length /= 2) {
      next = { a: at.a + length * step.a, b: at.b + length * step.b };
      if (next.a <= 0 || next.b <= 0) continue;
      better = newton(next, xs, ys);
      if (better.error < error) break;
    }
    if (!(better.error < error)) break;
    at = next;
    ({ error, step } = better);
  }
  return at;
}

/** The sum of squares at a curve, and where least squares of its tangent leads. */
function newton({ a, b }: Curve, xs: readonly number[], ys: readonly number[]) {
  let [aa, ab, bb, ar, br, error] = [0, 0, 0, 0, 0, 0];
  for (const [i, x] of xs.entries()) {
    const power = x ** (2 * b);
    const value = 1 / (1 + a * power);
    const residual = (ys[i] ?? 0) - value;
    const da = -power * value ** 2;
    const db = x === 0 ? 0 : -2 * a * Math.log(x) * power * value ** 2;
    aa += da * da;
    ab += da * db;
    bb += db * db;
    ar += da * residual;
    br += db * residual;
    error += residual ** 2;
  }
  const determinant = aa * bb - ab * ab;
  return {
    error,
    step: { a: (bb * ar - ab * br) / determinant, b: (aa * br - ab * ar) / determinant },
  };
}
