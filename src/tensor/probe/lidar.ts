import { type FloatOps, type FloatTensor, floatProduct, inFloat64 } from '../floats.js';
import { attr } from '../native.js';
import { columnMeans, gram } from './gram.js';

/** Added to the diagonal of the covariance within images, so that it has an inverse. */
const regular = 1e-4;

/** Added to each share of the eigenvalues. */
const floor = 1e-7;

/**
 * LiDAR: the exponential of the entropy of the eigenvalues' shares, of the covariance between images in units of that
 * within the views of one image: Σ_w^-½ Σ_b Σ_w^-½. Views of at least two images; not a number where all are alike.
 *
 * Source: Thilak et al. 2023, arXiv:2312.04000, section 4, with δ = 1e-4 and ε = 1e-7.
 * @param views - for each view of the images its features (n, d), two views at least
 */
export function lidar(views: readonly Float32Array[], d: number): number {
  const count = (views[0]?.length ?? 0) / d;
  const centres = meanOf(views);
  const eigenvalues = inFloat64((ops) => {
    const centre = { features: centres, from: columnMeans(centres, d) };
    const between = ops.run('Mul', [gram(ops, centre, centre), constant(ops, 1 / count)]);
    const within = views.reduce(
      (sum: FloatTensor, view) => {
        const offsets = {
          features: view.map((value, i) => value - (centres[i] ?? 0)),
          from: zeros(d),
        };
        return ops.run('AddV2', [sum, gram(ops, offsets, offsets)]);
      },
      ops.of(new Float64Array(d * d), d, d),
    );
    const scaled = ops.run('Mul', [within, constant(ops, 1 / (count * views.length))]);
    const half = inverseRoot(ops, scaled, d);
    const whitened = floatProduct(ops, half, floatProduct(ops, between, half), {
      ofColumns: true,
    });
    const [values] = ops.runTwo('SelfAdjointEigV2', [whitened], { compute_v: attr.bool(false) });
    return ops.read(values).map((value) => Math.max(0, value));
  });
  const sum = eigenvalues.reduce((a, b) => a + b, 0);
  return Math.exp(
    eigenvalues.reduce((entropy, value) => {
      const share = value / sum + floor;
      return entropy - share * Math.log(share);
    }, 0),
  );
}

/** W (d, d) with Wᵀ (Σ + δ I) W = I. */
function inverseRoot(ops: FloatOps, covariance: FloatTensor, d: number): FloatTensor {
  const [values, vectors] = ops.runTwo('SelfAdjointEigV2', [covariance], {
    compute_v: attr.bool(true),
  });
  const scales = ops.read(values).map((value) => 1 / Math.sqrt(Math.max(0, value) + regular));
  return ops.run('Mul', [vectors, ops.of(scales, 1, d)]);
}

const constant = (ops: FloatOps, value: number): FloatTensor => ops.of(Float64Array.of(value));

const zeros = (d: number): Float64Array => new Float64Array(d);

/** The mean (n, d) of all views of each image. */
function meanOf(views: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(views[0]?.length ?? 0);
  for (const view of views) {
    view.forEach((value, i) => {
      sums[i] = (sums[i] ?? 0) + value;
    });
  }
  return Float32Array.from(sums, (sum) => sum / views.length);
}
