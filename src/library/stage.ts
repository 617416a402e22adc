import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Json } from '../base/canonical.js';
import type { Batch, TrainingPass } from '../tensor/layers/training-pass.js';
import type { NetworkParts } from '../tensor/networks/resnet.js';
import type { Rng } from '../tensor/rng.js';
import type { KeptCheckpoints } from '../tensor/train/kept-checkpoints.js';
import type { Moment } from '../tensor/train/moment.js';
import type { Augmentation } from '../tensor/views/augmentation.js';

/** The result of another stage, as files on disk. */
export interface Artifact {
  readonly type: string;
  readonly digest: string;
  /** null where a metric has no value. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Absolute path of one of its files; throws an SspError that lists the files when there is none of that name. */
  file(name: string): string;
  has(name: string): boolean;
}

/** An encoder from another stage, with the network that its weights are for. */
export interface EncoderArtifact extends Artifact {
  readonly backbone: Backbone;
}

/** Named tensors. */
export type Tensors = Readonly<Record<string, Tensor<Rank>>>;

/** What training changes by gradient (`trained`) and what forward passes update (`stats`, batch statistics). */
export interface Weights {
  readonly trained: Tensors;
  readonly stats: Tensors;
}

/**
 * A network from images to features. Pure: weights in, features and new statistics out. `apply` computes with tensors
 * alone, as it becomes part of a compiled graph, and treats each image of a batch alike.
 */
export interface Backbone {
  /** Length d of the features. */
  readonly features: number;
  /** The features of an image depend on that image alone, in training too: no statistics of a batch. */
  readonly alone?: boolean;
  /**
   * First weights, float32. Names of the library's are torchvision's or timm's (`layer1.0.conv1.weight`), of your own
   * network as you like; one name stands among `trained` or among `stats`. Layouts are TensorFlow's (HWIO, in x out).
   */
  init(rng: Rng): Weights;
  /**
   * x: (n, h, w, c), 0 to 1 after the views' normalisation. Returns features (n, d) and the statistics
   * of this pass. Without `training` it evaluates: by running statistics, and with nothing random.
   */
  apply(
    weights: Weights,
    x: Tensor4D,
    training?: TrainingPass,
  ): { features: Tensor2D; stats: Tensors };
  /**
   * The features of several batches, of images of other sizes, in one pass: (all images, d), those of one batch
   * after another, as `apply` gives them. A network that sees each image alone may have it, which is quicker.
   */
  applyTogether?(weights: Weights, batches: readonly Batch[]): Tensor2D;
  /** Where the network can be taken apart, as detectors do. */
  readonly parts?: NetworkParts;
}

/** Weights that gradients change, and state that they do not. */
export interface MethodWeights {
  /** Encoder weights under `encoder.…` and the method's own heads. */
  readonly trained: Tensors;
  /** Encoder statistics under `encoder.…` and the method's own state. */
  readonly state: Tensors;
}

/** What a method sees of one step. All tensors belong to the caller; the method runs in a tidy. */
export interface MethodStep extends MethodWeights {
  /** The views, each (n, h, w, c): view v of pair i at row i. */
  readonly views: readonly Tensor4D[];
  /** int32 (n): the number of each pair of the batch among all pairs, from 0: where a memory keeps it. */
  readonly items: Tensor1D;
  /** int32 (n) for each view, where the method has a {@link Method.label}: the number of its image's label; else none. */
  readonly labels: readonly Tensor1D[];
  /** Where the training stands. Masks and the like are drawn from its seed by stateless ops. */
  readonly at: Moment;
  /**
   * Runs the encoder on x; new statistics come back under `encoder.…`, to be returned in `state`. Each
   * pass of a step draws from a seed of its own, by the order of the calls; a `still` pass draws
   * nothing (no dropped paths), as a teacher's does. `feature_std` is that of the first pass with
   * `trained` itself.
   */
  encode(
    trained: Tensors,
    state: Tensors,
    x: Tensor4D,
    pass?: 'still',
  ): { features: Tensor2D; state: Tensors };
  /**
   * Runs the encoder on views, each by itself and one after another: statistics of one pass are where the
   * next begins. A network that sees each image alone ({@link Backbone.alone}) takes views of one size in
   * one pass, which is quicker. Features in the order of the views.
   */
  encodeEach(
    trained: Tensors,
    state: Tensors,
    views: readonly Tensor4D[],
    pass?: 'still',
  ): { features: readonly Tensor2D[]; state: Tensors };
  /**
   * Runs the encoder on the crops of a multi-crop: those of one size that stand beside each other pass as one
   * batch, with common batch statistics; a network that can takes all sizes together
   * ({@link Backbone.applyTogether}). Features (crops n, d) in the order of the crops, n rows each.
   */
  encodeCrops(
    trained: Tensors,
    state: Tensors,
    crops: readonly Tensor4D[],
    pass?: 'still',
  ): { features: Tensor2D; state: Tensors };
}

/** Watched numbers by name, and what each means. */
export type Signs = Readonly<Record<string, Sign>>;

/** What a watched number means. */
export interface Sign {
  /** For who reads a figure of it: `entropy of the teacher in nats`. */
  readonly what: string;
  /** Values to hold it against, by what they are: `{ 'ln K': Math.log(65536) }`. Figures draw them. */
  readonly lines?: Readonly<Record<string, number>>;
  /** Its values are kept beside the result, in no digest, instead of in its history. */
  readonly beside?: boolean;
  /** Where it shows a collapse. */
  readonly alarms?: readonly Alarm[];
}

/**
 * Values that are a known sign of collapse: an epoch's mean from `from` to `to`, both among them, of which
 * one may be left out.
 */
export interface Alarm {
  readonly from?: number;
  readonly to?: number;
  /** In so many epochs in a row; default: 1. */
  readonly epochs?: number;
  /** What has happened: `one prototype takes all images`. */
  readonly means: string;
  /** What follows from it, and what to do: `so nothing is learnt: lower \`epsilon\``. */
  readonly advice: string;
}

/** What a method begins with. */
export interface MethodStart {
  /** Length d of the encoder's features. */
  readonly features: number;
  /** The encoder's first weights; they stay the trainer's. */
  readonly encoder: Weights;
  /** Other first weights of the same network, which are the method's: of a teacher that is no copy. */
  another(rng: Rng): Weights;
  readonly rng: Rng;
  /** How many pairs there are: rows of a memory. */
  readonly pairs: number;
}

/** How long a method trains, on how much. */
export interface TrainingLength {
  readonly epochs: number;
  readonly steps: number;
  /** Pairs in a step, and in all. */
  readonly batch: number;
  readonly pairs: number;
}

/**
 * A self-supervised method: heads, loss, and what happens around the update. The trainer never names
 * one. All functions but `init` are pure and compute with tensors alone, as they become compiled graphs:
 * they read no values (`dataSync`, `if`), and draw random numbers from the moment's seed alone. State
 * is float32, as checkpoints are.
 */
export interface Method {
  /** The number of views that it compares. */
  readonly views: number;
  /** It takes further views too, of any size: multi-crop. */
  readonly moreViews?: boolean;
  /** It sees its views in one pass, so they have one size. */
  readonly oneSize?: boolean;
  /** It is supervised: the attribute of the pairs' images whose labels each step sees. */
  readonly label?: string;
  /** Heads and state beside the encoder's; names must not begin with `encoder.`. */
  init(start: MethodStart): MethodWeights;
  /** Scalar loss, the changed entries of state, and scalars worth watching. */
  loss(step: MethodStep): { loss: Tensor<Rank.R0>; state: Tensors; watch?: Tensors };
  /**
   * What its `loss` and the scalars that it watches mean, by their names, the most telling first. The
   * trainer draws them, and remarks what shows a collapse.
   */
  readonly signs?: Signs;
  /** What of its settings does not fit a training of that length, such as prototypes that rest to its end. */
  remarks?(length: TrainingLength): readonly string[];
  /** After the optimiser's update (a teacher's moving average …): the changed entries. */
  after?(now: MethodWeights, at: Moment): Partial<MethodWeights>;
  /** Before the first step of each epoch (clusters of a memory …): the changed entries. */
  begin?(now: MethodWeights, at: Moment): Partial<MethodWeights>;
  /**
   * Before the first step of all, for each batch of the first epoch in turn (the first fill of a memory):
   * the changed entries of state. No gradient is taken.
   */
  observe?(step: MethodStep): Tensors;
  /**
   * Parts of what is trained that have a pace of their own, by the beginning of their names
   * (`predictor`): the factor of the base learning rate in place of the schedule's. At 0 a part rests:
   * weights and slots stay as they are. A part's own parts stand before it.
   */
  readonly paces?: Readonly<Record<string, (at: Moment) => Tensor<Rank.R0>>>;
  /** The weights that are the result; default: the trained encoder. They are among `final`'s tensors. */
  encoder?(final: MethodWeights): Weights;
}

export type { Batch, TrainingPass } from '../tensor/layers/training-pass.js';
export type { NetworkParts } from '../tensor/networks/resnet.js';
export type { KeptCheckpoints } from '../tensor/train/kept-checkpoints.js';
export type { Moment } from '../tensor/train/moment.js';
export type { Augmentation, Interval, Triple } from '../tensor/views/augmentation.js';

/** How each view of a pair is made; at evaluation the encoder sees a plain resize, normalised as the first. */
export interface Views {
  readonly views: readonly Augmentation[];
}

/** Update rule, pure: slots (momentum …) in and out. */
export interface Optimizer {
  init(trained: Tensors): Tensors;
  /** Changes gradients where all of them have to be seen at once, as for one norm over all. */
  prepare?(gradients: Tensors): Tensors;
  /** Computes with tensors alone: one compiled graph serves all steps. */
  update(step: OptimizerStep): { trained: Tensors; slots: Tensors };
}

export interface OptimizerStep {
  readonly trained: Tensors;
  readonly gradients: Tensors;
  readonly slots: Tensors;
  /** Where the training stands; its `scale` is the factor of the base learning rate. */
  readonly at: Moment;
}

/** Factor of the base learning rate at a step (from 0) of a training of `steps` steps, `perEpoch` steps each epoch. */
export interface Schedule {
  scale(step: number, steps: number, perEpoch: number): number;
  /** What its author may not expect of a training of that length, such as that the warm-up does not end. */
  remark?(steps: number, perEpoch: number): string | undefined;
}

/** An image that is changed. */
export interface ChangedImage {
  /** From 0 to 1, (size, size, 3). */
  readonly pixels: Float64Array;
  readonly size: number;
  /** The share of each pixel that the object covers, (size, size), where masks are given. */
  readonly mask?: Float64Array;
  /** What lies behind the object, (size, size, 3), where backgrounds are given. */
  readonly background?: Float64Array;
  /** From 1 to 5. */
  readonly strength: number;
  /** Of this image, the same at all strengths. */
  readonly rng: Rng;
}

/** A change of images that has strengths: of their background, their light … */
export interface Change {
  /** It makes no sense without the outlines of objects. */
  readonly needsMask?: boolean;
  /** The changed pixels (size, size, 3); what leaves 0 to 1 is cut off. */
  apply(image: ChangedImage): Float64Array | Promise<Float64Array>;
}

/** What a description of each kind becomes. */
export interface Descriptions {
  readonly Views: Views;
  readonly Backbone: Backbone;
  readonly Method: Method;
  readonly Optimizer: Optimizer;
  readonly Schedule: Schedule;
  readonly Change: Change;
}

/** Progress of a stage, for people; never part of a result. */
export interface Progress {
  /** `epoch`, `image`, `step` …: what `done` and `total` count. */
  readonly unit: string;
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
  /** What else tells how it goes, by its name: `{ feature_std: 0.42 }`. */
  readonly watched?: Readonly<Record<string, number>>;
  readonly imagesPerSecond?: number;
  /** Of a training: the steps done, over all epochs. */
  readonly step?: number;
  /** Of a training: what it watched in the epochs that have ended since it told last; at first those before the checkpoint. */
  readonly rows?: readonly Readonly<Record<string, number>>[];
}

/** What a stage gets to do its work. */
export interface StageContext<Params> {
  readonly params: Params;
  /** The parameters as they stand in the key: how a description such as the backbone was written. */
  readonly resolved: Readonly<Record<string, Json>>;
  /** Absolute path of the module that makes a description of the user's own, by its number in `resolved`. */
  module(number: number): string;
  /** Empty folder: the files left here are the stage's result. */
  readonly out: string;
  /** Folder kept between attempts at the same key; empty at first. For checkpoints. */
  readonly checkpoint: string;
  readonly threads: number;
  /** Epochs in a row that a collapse may show before a training stops; default: it goes on. */
  readonly collapsedEpochs?: number | undefined;
  /** Of a training that keeps encoders, and of those on its way. */
  readonly kept?: KeptCheckpoints | undefined;
  progress(progress: Progress): void;
  /** A line for the log. */
  log(message: string): void;
  /**
   * One sentence that whoever reads the result has to know, such as that the features collapsed: told
   * at once, kept beside the result, and shown by `run`, `show` and `report`. The same sentence counts once.
   */
  remark(text: string): void;
}

/** What a stage returns; its files lie in `out`. */
export interface StageResult {
  /** For `Metrics{…}`: one number for each declared field, or null for one declared with `?`. */
  readonly metrics?: Readonly<Record<string, number | null>>;
  /** What it was made with, and is worth keeping beside it: licences, library versions. */
  readonly environment?: Readonly<Record<string, string | number>>;
  /**
   * What is in the result, in the order in which it is told: `images`, `steps an epoch`. Kept beside it
   * and in no key or digest; shown when the stage ends, and by `show` and `report`. Of images and pairs
   * the usual facts are told for every stage.
   */
  readonly facts?: Facts;
  /** Of a training: what its numbers mean. Kept beside it and in no key or digest. */
  readonly watched?: Watched;
}

/** What the numbers of a training mean, the most telling first. */
export interface Watched {
  readonly signs: Readonly<Record<string, Pick<Sign, 'what' | 'lines'>>>;
  /** A row for each epoch, from 1 (`epoch`), of the numbers that are kept beside the result. */
  readonly rows?: readonly Readonly<Record<string, number>>[];
}

/** Facts about a result, in an order: numbers and short texts by what they are. */
export type Facts = Readonly<Record<string, string | number>>;
