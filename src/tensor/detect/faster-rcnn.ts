import { asMatrix, asRank3, asRank4, asVector } from '../as-rank.js';
import { conv2d } from '../layers/conv2d.js';
import { dense } from '../layers/dense.js';
import { normalWeight } from '../layers/init.js';
import { globalMean } from '../layers/pool.js';
import { relu } from '../layers/relu.js';
import type { TrainingPass } from '../layers/training-pass.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import type { NetworkParts } from '../networks/resnet.js';
import type { Rng } from '../rng.js';
import { rowsOfEach } from '../rows-at.js';
import { tf } from '../tf.js';
import { allWithoutGradient } from '../without-gradient.js';
import { cellAnchors, gridAnchors } from './anchors.js';
import { type BoxWeights, overlapsOf } from './boxes.js';
import { headLosses, proposalLosses } from './losses.js';
import { matchBoxes, targetsOf } from './match.js';
import { type Proposals, type Proposing, propose } from './proposals.js';
import { roiAlign } from './roi-align.js';
import { sampleBoxes } from './sample.js';

/** What a detector is, beside the network that it is made of. */
export interface DetectorShape {
  readonly classes: number;
  /** Sides of the anchors in pixels, and their ratios, height over width. */
  readonly sizes: readonly number[];
  readonly ratios: readonly number[];
  /** Height and width of the features that are taken from a proposal. */
  readonly roi: number;
  /** Of smooth L1: 0 in detectron2, 1/9 in torchvision. */
  readonly beta: number;
}

/** What a step of training draws. */
export interface Sampling {
  /** Anchors of an image whose loss is taken, at most half of them such as stand for objects. */
  readonly anchors: number;
  /** Proposals of an image that go through the head, at most a quarter of them such as stand for objects. */
  readonly proposals: number;
  readonly proposing: Proposing;
}

/** Objects of each image, filled up to as many as any may have. */
export interface Objects {
  /** (b, g, 4), in pixels of the canvas. */
  readonly boxes: tf.Tensor3D;
  /** (b, g): the class. */
  readonly classes: tf.Tensor2D;
  /** (b, g): 1 for an object. */
  readonly there: tf.Tensor2D;
}

/** A batch of images on canvases of one size. */
export interface Canvases {
  /** (b, h, w, 3), zeros beside the images. */
  readonly x: tf.Tensor4D;
  /** (b, 2): heights and widths of the images. */
  readonly extents: tf.Tensor2D;
}

/** Uniform numbers in [0, 1), by which boxes are drawn: for anchors (b, n), and for proposals and objects (b, after + g). */
export interface Keys {
  readonly anchors: tf.Tensor2D;
  readonly proposals: tf.Tensor2D;
}

/** The losses of a step, the new statistics of the network, and numbers worth watching. */
export interface DetectorLoss {
  readonly loss: tf.Scalar;
  readonly parts: Readonly<
    Record<'anchor_classes' | 'anchor_boxes' | 'box_classes' | 'boxes', tf.Scalar>
  >;
  readonly stats: NamedTensors;
}

/** Boxes of the head: differences count ten and five times. */
export const headWeights: BoxWeights = [10, 10, 5, 5];
const proposalWeights: BoxWeights = [1, 1, 1, 1];
const anchorMatching = { high: 0.7, low: 0.3, best: true };
const proposalMatching = { high: 0.5, low: 0.5, best: false };

const anchorsOfCell = ({ sizes, ratios }: DetectorShape): number => sizes.length * ratios.length;

/**
 * First weights of what stands beside the network: normal with deviation 0.01 (0.001 for the boxes of the
 * head), as in detectron2. `channels` of the network's first part, `features` of its last.
 */
export function initDetector(
  rng: Rng,
  shape: DetectorShape,
  { channels, features }: { readonly channels: number; readonly features: number },
): NamedTensors {
  const cells = anchorsOfCell(shape);
  const kernel = (name: string, k: number, output: number): tf.Tensor4D =>
    normalWeight<tf.Rank.R4>(rng.split(name), 0.01, [k, k, channels, output]);
  const matrix = (name: string, deviation: number, output: number): tf.Tensor2D =>
    normalWeight<tf.Rank.R2>(rng.split(name), deviation, [features, output]);
  return {
    'rpn.conv.weight': kernel('rpn.conv', 3, channels),
    'rpn.conv.bias': tf.zeros([channels]),
    'rpn.logits.weight': kernel('rpn.logits', 1, cells),
    'rpn.logits.bias': tf.zeros([cells]),
    'rpn.boxes.weight': kernel('rpn.boxes', 1, 4 * cells),
    'rpn.boxes.bias': tf.zeros([4 * cells]),
    'head.logits.weight': matrix('head.logits', 0.01, shape.classes + 1),
    'head.logits.bias': tf.zeros([shape.classes + 1]),
    'head.boxes.weight': matrix('head.boxes', 0.001, 4 * shape.classes),
    'head.boxes.bias': tf.zeros([4 * shape.classes]),
  };
}

/** A network with the weights of a detector: `encoder` its own, `trained` of what stands beside it. */
export interface DetectorWeights {
  readonly encoder: { readonly trained: NamedTensors; readonly stats: NamedTensors };
  readonly trained: NamedTensors;
}

/** The features of images, and what the region proposal network makes of them. */
interface Regions {
  /** (b, h, w, c) */
  readonly features: tf.Tensor4D;
  /** (n, 4) */
  readonly anchors: tf.Tensor2D;
  /** (b, n) */
  readonly logits: tf.Tensor2D;
  /** (b, n, 4) */
  readonly predicted: tf.Tensor3D;
  readonly stats: NamedTensors;
}

/** Images through the first part of the network and the region proposal network. */
export function regionsOf(
  parts: NetworkParts,
  shape: DetectorShape,
  { encoder, trained }: DetectorWeights,
  x: tf.Tensor4D,
  training?: TrainingPass,
): Regions {
  const { features, stats } = parts.first(encoder, x, training);
  const convolve = (name: string, input: tf.Tensor4D): tf.Tensor4D => {
    const kernel = asRank4(pick(trained, `rpn.${name}.weight`));
    return asRank4(tf.add(conv2d(input, kernel), pick(trained, `rpn.${name}.bias`)));
  };
  const hidden = relu(convolve('conv', features));
  const [b, rows, columns] = features.shape;
  const n = rows * columns * anchorsOfCell(shape);
  const cells = cellAnchors(shape.sizes, shape.ratios);
  return {
    features,
    anchors: gridAnchors(cells, { rows, columns, stride: parts.stride }),
    logits: tf.reshape(convolve('logits', hidden), [b, n]),
    predicted: tf.reshape(convolve('boxes', hidden), [b, n, 4]),
    stats,
  };
}

/** What the head says of boxes (b, n, 4): logits (b * n, classes + 1) and predictions (b * n, classes, 4). */
export function headOf(
  parts: NetworkParts,
  { classes, roi }: DetectorShape,
  { encoder, trained }: DetectorWeights,
  { features, boxes }: { readonly features: tf.Tensor4D; readonly boxes: tf.Tensor3D },
  training?: TrainingPass,
): { logits: tf.Tensor2D; predicted: tf.Tensor3D; stats: NamedTensors } {
  const taken = roiAlign(features, boxes, { size: roi, scale: 1 / parts.stride, samples: 0 });
  const { features: maps, stats } = parts.last(encoder, taken, training);
  const pooled = globalMean(maps);
  const layer = (name: string): tf.Tensor2D => {
    const weight = asMatrix(pick(trained, `head.${name}.weight`));
    return dense(pooled, weight, asVector(pick(trained, `head.${name}.bias`)));
  };
  return {
    logits: layer('logits'),
    predicted: tf.reshape(layer('boxes'), [pooled.shape[0], classes, 4]),
    stats,
  };
}

/**
 * One step of Faster R-CNN with C4 features (Ren et al. 2015, arXiv:1506.01497), as detectron2 trains it
 * on PASCAL VOC: losses of the region proposal network and of the head on sampled proposals, to which the
 * objects themselves belong. Without `training` batch norm is by running statistics.
 */
export function detectorLoss(
  parts: NetworkParts,
  shape: DetectorShape,
  weights: DetectorWeights,
  { x, extents }: Canvases,
  objects: Objects,
  keys: Keys,
  { anchors: anchorCount, proposals: proposalCount, proposing }: Sampling,
  training?: TrainingPass,
): DetectorLoss {
  const { features, anchors, logits, predicted, stats } = regionsOf(
    parts,
    shape,
    weights,
    x,
    training,
  );
  const given = allWithoutGradient(() => {
    const label = anchorLabels(anchors, objects, keys.anchors, anchorCount);
    const proposals = propose(logits, predicted, anchors, extents, proposing);
    return { ...label, ...sampledProposals(proposals, objects, keys.proposals, proposalCount) };
  });
  const rpn = proposalLosses(
    {
      logits,
      predicted,
      targets: given.anchorTargets,
      label: given.anchorLabel,
      mask: given.anchorMask,
    },
    shape.beta,
  );
  const head = headOf(parts, shape, weights, { features, boxes: given.boxes }, training);
  const box = headLosses(
    {
      logits: head.logits,
      predicted: head.predicted,
      targets: asMatrix(tf.reshape(given.targets, [-1, 4])),
      label: asVector(tf.cast(tf.reshape(classesOf(given, shape.classes), [-1]), 'int32')),
      there: asVector(tf.reshape(given.there, [-1])),
    },
    shape.beta,
  );
  return {
    loss: tf.addN([rpn.classes, rpn.boxes, box.classes, box.boxes]),
    parts: {
      anchor_classes: rpn.classes,
      anchor_boxes: rpn.boxes,
      box_classes: box.classes,
      boxes: box.boxes,
    },
    stats: { ...stats, ...head.stats },
  };
}

/** Each anchor's label, what has to be predicted for it, and whether its loss is taken. */
function anchorLabels(anchors: tf.Tensor2D, objects: Objects, keys: tf.Tensor2D, count: number) {
  const matches = matchBoxes(
    asRank3(overlapsOf(objects.boxes, anchors)),
    objects.there,
    anchorMatching,
  );
  return {
    anchorLabel: matches.label,
    anchorTargets: targetsOf(matches, anchors, objects.boxes, proposalWeights),
    anchorMask: sampleBoxes(matches.label, keys, { count, positive: 0.5 }).mask,
  };
}

/** The proposals that go through the head, what each stands for, and what has to be predicted for it. */
function sampledProposals(
  { boxes, there }: Proposals,
  objects: Objects,
  keys: tf.Tensor2D,
  count: number,
) {
  const real = asMatrix(tf.concat([there, objects.there], 1));
  const all = withArea(asRank3(tf.concat([boxes, objects.boxes], 1)), real);
  const matches = matchBoxes(
    asRank3(overlapsOf(objects.boxes, all)),
    objects.there,
    proposalMatching,
  );
  // What fills up stands for nothing, and is not drawn.
  const label = asMatrix(tf.where(tf.greater(real, 0), matches.label, tf.fill(real.shape, -1)));
  const sample = sampleBoxes(label, keys, { count, positive: 0.25 });
  const targets = targetsOf({ ...matches, label }, all, objects.boxes, headWeights);
  const classes = rowsOfEach(asRank3(tf.expandDims(objects.classes, -1)), matches.object);
  const each = tf.concat([all, targets, classes, tf.expandDims(label, -1)], -1);
  const rows = rowsOfEach(asRank3(each), sample.rows);
  return {
    boxes: asRank3(tf.slice(rows, [0, 0, 0], [-1, -1, 4])),
    targets: asRank3(tf.slice(rows, [0, 0, 4], [-1, -1, 4])),
    classes: asRank3(tf.slice(rows, [0, 0, 8], [-1, -1, 1])),
    isObject: asRank3(tf.slice(rows, [0, 0, 9], [-1, -1, 1])),
    there: sample.there,
  };
}

/** The class of each proposal, `classes` for those that stand for none. */
function classesOf(
  { classes, isObject }: { readonly classes: tf.Tensor3D; readonly isObject: tf.Tensor3D },
  none: number,
): tf.Tensor {
  return tf.where(tf.equal(isObject, 1), classes, tf.fill(classes.shape, none));
}

/** Boxes (b, n, 4) where `real` (b, n) is 1, and else such as have an area, which can be encoded. */
function withArea(boxes: tf.Tensor3D, real: tf.Tensor2D): tf.Tensor3D {
  const isReal = tf.broadcastTo(tf.expandDims(tf.greater(real, 0), -1), boxes.shape);
  const others = tf.broadcastTo(tf.tensor1d([0, 0, 1, 1]), boxes.shape);
  return asRank3(tf.where(isReal, boxes, others));
}
