import { type FloatOps, type FloatTensor, inFloat64 } from '../floats.js';
import { type Columns, columnMeans, gram } from './gram.js';

/** Features (n, d) of the same n images by an encoder. */
export interface Seen {
  readonly features: Float32Array;
  readonly d: number;
}

/** An unbiased estimate of a side with itself that is less than this share of the biased one is rounding. */
const rounding = 1e-12;

/** How alike two encoders see the same images. */
export interface Similarity {
  /** 0 to 1; with few images and long features near 1 whatever they are. */
  readonly cka: number;
  /**
   * The same of unbiased estimates: 0 on average where they have nothing in common. Not a number where a side has none,
   * as where one image alone differs from the others.
   */
  readonly debiased: number;
}

/**
 * Linear centred kernel alignment, and that of unbiased HSIC, by products of features: (d, e) numbers, not (n, n).
 * Not a number where a side does not differ between images. Four images at least.
 *
 * Source: Kornblith et al. 2019, arXiv:1905.00414; google-research/google-research
 * representation_similarity/Demo.ipynb, feature_space_linear_cka; Song et al. 2012, JMLR 13, theorem 2.
 */
export function linearCka(x: Seen, y: Seen): Similarity {
  const [a, b] = [columnsOf(x), columnsOf(y)];
  const n = x.features.length / x.d;
  return inFloat64((ops) => {
    const [ab, aa, bb] = [squares(ops, a, b), squares(ops, a, a), squares(ops, b, b)];
    const [lengthsA, lengthsB] = [squaredLengths(a), squaredLengths(b)];
    const unbiased = (product: number, p: Float64Array, q: Float64Array): number =>
      product - (n / (n - 2)) * dot(p, q) + (total(p) * total(q)) / ((n - 1) * (n - 2));
    const debiasedOf = unbiased(ab, lengthsA, lengthsB);
    const ownOf = (square: number, lengths: Float64Array): number => {
      const found = unbiased(square, lengths, lengths);
      return found > rounding * square ? found : Number.NaN;
    };
    const [own, others] = [ownOf(aa, lengthsA), ownOf(bb, lengthsB)];
    return { cka: ab / Math.sqrt(aa * bb), debiased: debiasedOf / Math.sqrt(own * others) };
  });
}

const columnsOf = ({ features, d }: Seen): Columns => ({
  features,
  from: columnMeans(features, d),
});

/** Squared Frobenius norm of `xᵀ y`. */
function squares(ops: FloatOps, x: Columns, y: Columns): number {
  const product: FloatTensor = gram(ops, x, y);
  return ops.read(product).reduce((sum, value) => sum + value * value, 0);
}

/** Squared lengths (n) of the centred rows. */
function squaredLengths({ features, from }: Columns): Float64Array {
  const d = from.length;
  const lengths = new Float64Array(features.length / d);
  features.forEach((value, i) => {
    const row = Math.floor(i / d);
    lengths[row] = (lengths[row] ?? 0) + (value - (from[i % d] ?? 0)) ** 2;
  });
  return lengths;
}

const dot = (p: Float64Array, q: Float64Array): number =>
  p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
