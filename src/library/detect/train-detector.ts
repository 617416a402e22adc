import { verbOf } from '../../base/counted.js';
import { asMatrix, asRank3, asRank4 } from '../../tensor/as-rank.js';
import { canvasesOf, canvasInputs } from '../../tensor/detect/canvas.js';
import { inMixedRegions, normBehind } from '../../tensor/detect/changed-parts.js';
import {
  type Canvases,
  type DetectorShape,
  detectorLoss,
  initDetector,
  type Keys,
  type Sampling,
} from '../../tensor/detect/faster-rcnn.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import type { NetworkParts } from '../../tensor/networks/resnet.js';
import { createRng } from '../../tensor/rng.js';
import { statelessUniform } from '../../tensor/stateless-uniform.js';
import { tf } from '../../tensor/tf.js';
import type { TrainingState } from '../../tensor/train/train-step.js';
import type { Training } from '../../tensor/train/training.js';
import { initialWeights } from '../artifact/encoder.js';
import { pixelsAhead } from '../artifact/pixels-ahead.js';
import { withPaces } from '../paces.js';
import type { Facts } from '../stage.js';
import { stepsOver } from '../train-encoder.js';
import {
  boxedAt,
  type DetectContext,
  type DetectParams,
  proposing,
  type Setting,
  splitsLearnt,
} from './setting.js';
import { layAtRandom, objectInputs } from './training-images.js';

/** The training of a detector, and what it learns from. */
export function trainingOf(
  context: DetectContext,
  { images, boxes, parts, shape, normalise }: Setting,
): { readonly training: Training; readonly facts: Facts } {
  const { params } = context;
  const { optimizer, batch, seed, scales, norm } = params;
  const given = splitsLearnt(params).flatMap((split) => Array.from(images.indicesOf(split)));
  const trained = given.filter((index) => (boxes.images[index]?.objects.length ?? 0) > 0);
  const left = given.length - trained.length;
  if (left > 0) {
    context.remark(
      `${left} of ${given.length} images ${verbOf(left, 'has', 'have')} no object, and ${verbOf(left)} not trained on`,
    );
  }
  const { of, pace, facts } = stepsOver(context, {
    count: trained.length,
    things: 'images with objects',
  });
  const most = trained.reduce(
    (most, index) => Math.max(most, boxes.images[index]?.objects.length ?? 0),
    0,
  );
  const chosen = (step: number): Int32Array => of(step).map((place) => trained[place] ?? 0);
  const pixels = pixelsAhead(images, chosen);
  const paced = withPaces(optimizer);
  const mixed = inMixedRegions(parts);
  const sampling: Sampling = {
    anchors: params.anchor_samples,
    proposals: params.box_samples,
    proposing: proposing(12 * params.proposals, 2 * params.proposals),
  };
  const training: Training = {
    ...pace,
    fetch: pixels.fetch,
    init: () => initialState(params, parts, shape),
    inputs(step) {
      const boxed = Array.from(chosen(step), (index) => boxedAt(boxes, index));
      const laid = layAtRandom(boxed, scales, { seed, step });
      const size = { from: images.size, to: images.size };
      return {
        ...prefixed(canvasInputs(pixels.of(step), laid, size), 'canvas'),
        ...prefixed(objectInputs(boxed, laid, most), 'objects'),
      };
    },
    images: () => batch,
    rules: () => ({
      prepare(inputs) {
        const { x, extents } = canvasesOf(under(inputs, 'canvas'), normalise);
        return { x, extents, ...prefixed(under(inputs, 'objects'), 'objects') };
      },
      loss(now, state, seen, at) {
        const objects = {
          boxes: asRank3(pick(seen, 'objects.boxes')),
          classes: asMatrix(pick(seen, 'objects.classes')),
          there: asMatrix(pick(seen, 'objects.there')),
        };
        const weights = { encoder: { trained: under(now, 'encoder'), stats: state }, trained: now };
        const canvases = canvasesAt(seen);
        const keys = keysOf(at.seed, {
          batch,
          anchors: anchorsIn(canvases.x, parts, shape),
          boxes: 2 * params.proposals + most,
        });
        const pass = norm === 'batch' ? { seed: at.seed } : undefined;
        const step = detectorLoss(mixed, shape, weights, canvases, objects, keys, sampling, pass);
        return { loss: step.loss, state: step.stats, watch: step.parts };
      },
      update: (gradients, { trained, slots }, at) =>
        paced.update({ trained, gradients, slots, at }),
    }),
  };
  return { training, facts };
}

const canvasesAt = (seen: NamedTensors): Canvases => ({
  x: asRank4(pick(seen, 'x')),
  extents: asMatrix(pick(seen, 'extents')),
});

function anchorsIn(
  x: tf.Tensor4D,
  { stride }: NetworkParts,
  { sizes, ratios }: DetectorShape,
): number {
  const cells = Math.ceil(x.shape[1] / stride) * Math.ceil(x.shape[2] / stride);
  return cells * sizes.length * ratios.length;
}

/** What draws anchors and proposals in a step. */
function keysOf(
  seed: tf.Tensor1D,
  of: { readonly batch: number; readonly anchors: number; readonly boxes: number },
): Keys {
  const another = tf.add<tf.Tensor1D>(seed, tf.tensor1d([1, 0], 'int32'));
  return {
    anchors: asMatrix(statelessUniform([of.batch, of.anchors], seed)),
    proposals: asMatrix(statelessUniform([of.batch, of.boxes], another)),
  };
}

function initialState(
  { encoder, optimizer, seed, head_norm: isNormed }: DetectParams,
  { channels }: NetworkParts,
  shape: DetectorShape,
): TrainingState {
  const { features } = encoder.backbone;
  const own = initialWeights(encoder, encoder.backbone);
  const norm = isNormed ? normBehind(features) : { trained: {}, stats: {} };
  const sizes = { channels, features };
  const trained = {
    ...prefixed({ ...own.trained, ...norm.trained }, 'encoder'),
    ...initDetector(createRng(seed, 'detector'), shape, sizes),
  };
  return {
    trained,
    state: { ...own.stats, ...norm.stats },
    slots: optimizer.init(trained),
  };
}
