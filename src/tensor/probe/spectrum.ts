import { type FloatOps, type FloatTensor, inFloat64 } from '../floats.js';
import { attr } from '../native.js';
import { columnMeans, gram, minus } from './gram.js';

/** Singular values, largest first: as many as the smaller of n and d. */
export interface Spectra {
  /** Of the features as they are. */
  readonly plain: Float64Array;
  /** Of the features minus their mean. */
  readonly centred: Float64Array;
}

/**
 * Singular values of features (n, d), in float64. They are the roots of the eigenvalues of the product of the features
 * with themselves, so those below 1e-7 of the largest are rounding; float32 features hold no smaller ones.
 */
export function spectraOf(features: Float32Array, d: number): Spectra {
  const n = features.length / d;
  const of = (from: Float64Array): Float64Array =>
    inFloat64((ops) => {
      const product =
        d <= n
          ? gram(ops, { features, from }, { features, from })
          : rowProduct(ops, features, from);
      return roots(ops, product);
    });
  return { plain: of(new Float64Array(d)), centred: of(columnMeans(features, d)) };
}

/** `x xᵀ` (n, n) of few long rows. */
function rowProduct(ops: FloatOps, features: Float32Array, from: Float64Array): FloatTensor {
  const d = from.length;
  const x = ops.of(minus(features, from), features.length / d, d);
  return ops.run('MatMul', [x, x], { transpose_a: attr.bool(false), transpose_b: attr.bool(true) });
}

function roots(ops: FloatOps, product: FloatTensor): Float64Array {
  const [values] = ops.runTwo('SelfAdjointEigV2', [product], { compute_v: attr.bool(false) });
  return ops
    .read(values)
    .map((value) => Math.sqrt(Math.max(0, value)))
    .reverse();
}

/**
 * RankMe: the exponential of the entropy of the singular values' shares, to each of which 1e-7 is added.
 * Source: Garrido et al. 2023, arXiv:2210.02885, equation 1.
 */
export function rankMe(singular: Float64Array): number {
  const sum = total(singular);
  return Math.exp(entropy(singular.map((value) => value / sum + 1e-7)));
}

/** Effective rank: the exponential of the entropy of the singular values' shares. Source: Roy & Vetterli 2007, EUSIPCO. */
export function effectiveRank(singular: Float64Array): number {
  const sum = total(singular);
  return Math.exp(entropy(singular.map((value) => value / sum)));
}

/**
 * α-ReQ: how fast the eigenvalues λ of the covariance decay, λ(i) ~ i^-α, by least squares of log λ on log i, weighed
 * with 1 / i, over ranks `first` to `last`, counted from 1.
 * Source: Agrawal et al. 2022, NeurIPS; BARL-SSL/reptrix@dbf53c5 alpha.py, get_powerlaw.
 * @param singular - singular values of the centred features, largest first, above 0 up to `last`
 */
export function alphaReq(singular: Float64Array, first: number, last: number): number {
  let [weights, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (let rank = first; rank <= last; rank++) {
    const [log, value] = [Math.log(rank), 2 * Math.log(singular[rank - 1] ?? 0)];
    const weight = 1 / rank;
    weights += weight;
    x += weight * log;
    y += weight * value;
    xx += weight * log * log;
    xy += weight * log * value;
  }
  return -(weights * xy - x * y) / (weights * xx - x * x);
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const entropy = (shares: Float64Array): number =>
  shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0);
