import { invariant } from '../../base/errors.js';
import { asMatrix } from '../as-rank.js';
import { attachGradient } from '../attach-gradient.js';
import {
  batchMatMul,
  below,
  map,
  mul,
  part,
  reshape,
  rowsOf,
  stack,
  sub,
  sumOfLast,
  transpose,
} from '../float-ops.js';
import { tf } from '../tf.js';
import { kept } from './mixed-region.js';
import type { TokenGroup } from './token-groups.js';

/** What a gradient is computed from: queries over sqrt e, keys, values and the softmax, (images, heads, …). */
type Seen = readonly [q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, shares: tf.Tensor];

/**
 * Self-attention among the tokens of each image: softmax(q k' / sqrt e) v for each head (Vaswani et al.
 * 2017, arXiv:1706.03762, equation 1). Rows of qkv (all tokens, 3 d), group after group, hold q, k and v, each
 * of all heads after one another (e = d / heads), as timm's Attention has them; result (all tokens, d).
 */
export function attention(
  qkv: tf.Tensor2D,
  groups: readonly TokenGroup[],
  heads: number,
): tf.Tensor2D {
  const partsOf = (x: tf.Tensor): readonly tf.Tensor[] => {
    let from = 0;
    return groups.map(({ images, tokens }) => {
      const rows = rowsOf(x, from, images * tokens);
      from += images * tokens;
      return rows;
    });
  };
  const { y, seen } = tf.tidy(() => {
    const passes = partsOf(qkv).map((rows, at) => attend(rows, groupAt(groups, at), heads));
    return {
      y: asMatrix(below(passes.map(({ y }) => y))),
      seen: passes.flatMap(({ seen }) => seen),
    };
  });
  const result = attachGradient(y, {
    inputs: [qkv],
    save: [y, ...seen],
    backward: (dy, [out = y, ...saved]) =>
      tf.tidy(() => {
        const outs = partsOf(out);
        const gradients = partsOf(dy).map((rows, at) => {
          const [q, k, v, shares] = saved.slice(4 * at, 4 * at + 4);
          const own = outs[at];
          invariant(q && k && v && shares && own, 'each group has its own');
          return attendBack(rows, own, [q, k, v, shares], groupAt(groups, at));
        });
        return [below(gradients)];
      }),
  });
  tf.dispose(seen);
  return result;
}

function groupAt(groups: readonly TokenGroup[], at: number): TokenGroup {
  const group = groups[at];
  invariant(group !== undefined, `there is a group ${at}`);
  return group;
}

/** One group forward. */
function attend(
  qkv: tf.Tensor,
  { images, tokens }: TokenGroup,
  heads: number,
): { readonly y: tf.Tensor; readonly seen: Seen } {
  const [rows = 0, columns = 0] = qkv.shape;
  const [d, e] = [columns / 3, columns / 3 / heads];
  const apart = transpose(reshape(qkv, [images, tokens, 3, heads, e]), [2, 0, 3, 1, 4]);
  const [q, k, v] = [mul(part(apart, 0), 1 / Math.sqrt(e)), part(apart, 1), part(apart, 2)];
  const shares = kept(map('Softmax', batchMatMul(q, k, { b: true })));
  const mixed = transpose(batchMatMul(shares, v), [0, 2, 1, 3]);
  return { y: reshape(mixed, [rows, d]), seen: [q, k, v, shares] };
}

/** The gradient of a group's rows of qkv, of that of its result. */
function attendBack(
  dy: tf.Tensor,
  y: tf.Tensor,
  [q, k, v, shares]: Seen,
  { images, tokens }: TokenGroup,
): tf.Tensor {
  const [, heads = 0, , e = 0] = q.shape;
  const byHead = [images, tokens, heads, e];
  const dMixed = transpose(reshape(dy, byHead), [0, 2, 1, 3]);
  const dShares = batchMatMul(dMixed, v, { b: true });
  // What softmax takes off: the sum of shares and their gradients, which is that of y and its own.
  const off = transpose(sumOfLast(reshape(mul(dy, y), byHead)), [0, 2, 1, 3]);
  const dLogits = mul(shares, sub(dShares, off));
  const dApart = stack([
    mul(batchMatMul(dLogits, k), 1 / Math.sqrt(e)),
    batchMatMul(dLogits, q, { a: true }),
    batchMatMul(shares, dMixed, { a: true }),
  ]);
  const dQkv = transpose(dApart, [1, 3, 0, 2, 4]);
  return reshape(dQkv, [images * tokens, 3 * heads * e]);
}
