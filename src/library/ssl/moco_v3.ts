import { invariant, SspError } from '../../base/errors.js';
import { asMatrix } from '../../tensor/as-rank.js';
import { infoNce, meanWatch } from '../../tensor/losses/info-nce.js';
import { l2Normalise } from '../../tensor/losses/l2-normalise.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import {
  applyMlp,
  hiddenLayer,
  initMlp,
  type MlpLayer,
  type MlpShape,
} from '../../tensor/networks/mlp.js';
import { emaShare } from '../../tensor/optim/ema.js';
import { copied, teacherAt } from '../../tensor/optim/teacher.js';
import { tf } from '../../tensor/tf.js';
import { allWithoutGradient } from '../../tensor/without-gradient.js';
import { contrastSigns } from '../contrast-signs.js';
import { describe } from '../implement.js';

/** The momentum that the authors take for so many epochs of ImageNet (facebookresearch/moco-v3@c349e6e CONFIG.md). */
const momenta = { '100': 0.99, '300': 0.99, '1000': 0.996 } as const;

/**
 * MoCo v3; see stdlib/ssl.ssp. State: the momentum encoder, `momentum.encoder.…` and
 * `momentum.projector.…`: weights alone, as its passes use the batch's own statistics. It moves in the
 * loss, before it makes the keys, as in the official code.
 */
export const make = describe('std.ssl.moco_v3', ({ temperature, hidden, dim, ...given }) => {
  const projector = (input: number): MlpShape => {
    const inner = Array.from({ length: given.projector - 1 }, () => hiddenLayer(hidden, false));
    const last: MlpLayer = { width: dim, bias: false, norm: 'plain' };
    return { input, layers: [...inner, last] };
  };
  const predictor: MlpShape = {
    input: dim,
    layers: [
      hiddenLayer(hidden, false),
      { width: dim, bias: false, ...(given.predictor_norm && { norm: 'plain' as const }) },
    ],
  };
  const teacher = teacherAt('momentum');
  const base = given.momentum ?? momenta[given.preset];
  const project = (weights: NamedTensors, features: tf.Tensor2D): tf.Tensor2D =>
    applyMlp(projector(features.shape[1]), under(weights, 'projector'), features);
  return {
    views: 2,
    signs: contrastSigns('ln(n)', 'the keys of n pairs'),
    ...(given.frozen_patches && { paces: { 'encoder.patch_embed': () => tf.scalar(0) } }),
    init({ features, rng, encoder }) {
      if (given.frozen_patches) checkPatches(encoder.trained);
      const own = prefixed(initMlp(projector(features), rng.split('projector')), 'projector');
      const followed = { ...prefixed(encoder.trained, 'encoder'), ...own };
      return {
        trained: { ...own, ...prefixed(initMlp(predictor, rng.split('predictor')), 'predictor') },
        state: teacher.begin(copied(followed)),
      };
    },
    loss({ trained, state, views, encodeEach, at }) {
      const { features, state: statistics } = encodeEach(trained, state, views);
      const [q1, q2] = features.map((seen) => {
        const z = project(trained, seen);
        return l2Normalise(applyMlp(predictor, under(trained, 'predictor'), z));
      });
      invariant(q1 && q2 && views.length === 2, `MoCo v3 compares 2 views, not ${views.length}`);
      const made = allWithoutGradient((): NamedTensors => {
        const moved = teacher.follow(state, trained, emaShare(given.schedule, base, at.progress));
        const weights = teacher.weights(moved);
        const keys = encodeEach(weights, state, views).features.map((seen, view) => [
          `keys.${view}`,
          l2Normalise(project(weights, seen)),
        ]);
        return { ...moved, ...Object.fromEntries(keys) };
      });
      const forth = infoNce(q1, asMatrix(pick(made, 'keys.1')), temperature);
      const back = infoNce(q2, asMatrix(pick(made, 'keys.0')), temperature);
      return {
        loss: tf.mul<tf.Scalar>(tf.add(forth.loss, back.loss), 2 * temperature),
        state: { ...statistics, ...teacher.begin(teacher.weights(made)) },
        watch: meanWatch(forth.watch, back.watch),
      };
    },
  };
});

function checkPatches(encoder: NamedTensors): void {
  if ('patch_embed.proj.weight' in encoder) return;
  throw new SspError(
    'no-patches',
    '`frozen_patches` keeps the patch embedding of a vision transformer, and this network has none',
    { help: 'Leave it out, or train a `vit_ti`, `vit_s` or `vit_b`.' },
  );
}
