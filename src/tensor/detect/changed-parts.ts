import { inMixedRegion } from '../layers/mixed-region.js';
import { initialBatchNorm, type NamedWeights, namedBatchNorm } from '../layers/named-batch-norm.js';
import type { NetworkParts } from '../networks/resnet.js';

/**
 * Parts with a batch norm behind the last: the features of a proposal are normalised before their mean is taken,
 * as in facebookresearch/moco@89d6176 (detection/train_net.py, `Res5ROIHeadsExtraNorm`). Its weights stand
 * among the encoder's, as `norm`.
 */
export const withNormBehind = (parts: NetworkParts): NetworkParts => ({
  ...parts,
  last(weights, x, training) {
    const { features, stats } = parts.last(weights, x, training);
    const { y, fresh } = namedBatchNorm('norm', features, weights, training);
    return { features: y, stats: { ...stats, ...fresh } };
  },
});

/** Its first weights and statistics, of so many channels. */
export const normBehind = (channels: number): NamedWeights => initialBatchNorm('norm', channels);

/** Parts that a compiled step in bf16 knows: each is computed in bfloat16, what lies between them is not. */
export const inMixedRegions = (parts: NetworkParts): NetworkParts => ({
  ...parts,
  first: (...given) => inMixedRegion({ apply: parts.first }, ...given),
  last: (...given) => inMixedRegion({ apply: parts.last }, ...given),
});
