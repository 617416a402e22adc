import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import {
  batchMatMul,
  map,
  mul,
  part,
  reshape,
  stack,
  sub,
  sumOfLast,
  transpose,
} from '../float-ops.js';
import { tf } from '../tf.js';
import { kept } from './mixed-region.js';

/** How rows are tokens of images, and columns the heads'. */
interface AttentionShape {
  readonly images: number;
  readonly heads: number;
}

/**
 * Self-attention among the tokens of each image: softmax(q k' / sqrt e) v for each head (Vaswani et al.
 * 2017, arXiv:1706.03762, equation 1). Rows of qkv (images x tokens, 3 d) hold q, k and v, each of all
 * heads after one another (e = d / heads), as timm's Attention has them; result (images x tokens, d).
 */
export function attention(qkv: tf.Tensor2D, { images, heads }: AttentionShape): tf.Tensor2D {
  const tokens = qkv.shape[0] / images;
  const d = qkv.shape[1] / 3;
  const e = d / heads;
  const root = 1 / Math.sqrt(e);
  const byHead = [images, tokens, heads, e];
  const { y, q, k, v, shares } = tf.tidy(() => {
    const apart = transpose(reshape(qkv, [images, tokens, 3, heads, e]), [2, 0, 3, 1, 4]);
    const [q, k, v] = [mul(part(apart, 0), root), part(apart, 1), part(apart, 2)];
    const shares = kept(map('Softmax', batchMatMul(q, k, { b: true })));
    const mixed = transpose(batchMatMul(shares, v), [0, 2, 1, 3]);
    return { q, k, v, shares, y: asMatrix(reshape(mixed, [images * tokens, d])) };
  });
  const result = attachGradient(y, {
    inputs: [qkv],
    save: [q, k, v, shares, y],
    backward: (dy, [sq = q, sk = k, sv = v, p = shares, out = y]) =>
      tf.tidy(() => {
        const dMixed = transpose(reshape(dy, byHead), [0, 2, 1, 3]);
        const dShares = batchMatMul(dMixed, sv, { b: true });
        // What softmax takes off: the sum of shares and their gradients, which is that of y and its own.
        const off = transpose(sumOfLast(reshape(mul(dy, out), byHead)), [0, 2, 1, 3]);
        const dLogits = mul(p, sub(dShares, off));
        const dApart = stack([
          mul(batchMatMul(dLogits, sk), root),
          batchMatMul(dLogits, sq, { a: true }),
          batchMatMul(p, dMixed, { a: true }),
        ]);
        return [reshape(transpose(dApart, [1, 3, 0, 2, 4]), [images * tokens, 3 * d])];
      }),
  });
  tf.dispose([q, k, v, shares]);
  return result;
}
