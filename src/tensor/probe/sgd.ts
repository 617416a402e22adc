import { floatProduct, inFloat64 } from '../floats.js';
import { oneHot, withOnes } from './cross-entropy.js';
import type { Labelled } from './linear-probe.js';
import { joined, type Logistic, separated } from './logistic.js';
import type { Passes } from './passes.js';
import { runningScaling, unscaled } from './running-scaling.js';
import { softmaxLosses } from './softmax-losses.js';
import type { Scaling } from './standardise.js';

/** What a linear layer is trained on. */
export interface SgdData extends Labelled {
  /** Length d of the features. */
  readonly d: number;
  readonly classes: number;
}

/** How a linear layer is trained: gradient descent with momentum on the mean cross-entropy of a batch. */
export interface SgdRecipe {
  readonly passes: Passes;
  /** Factor of the rate at a step, from 0. */
  scale(step: number): number;
  readonly momentum: number;
  readonly nesterov: boolean;
  /**
   * Where the rate comes in, which differs as it changes. `update`: v = momentum v + g, w = w - rate v, as
   * `torch.optim.SGD`; `momentum`: v = momentum v + rate g, w = w - v, as Keras.
   */
  readonly rateIn: 'update' | 'momentum';
  /** Added to the gradient, times the weights and biases. */
  readonly decay: number;
  /** Features are normalised by the batch, without weights of its own, and at the end by running statistics. */
  readonly batchNorm: boolean;
  /** Weights and biases to begin with. */
  readonly start: Logistic;
}

/** A layer as a rate made it. */
export interface SgdFit {
  readonly rate: number;
  readonly model: Logistic;
  /** What features are scaled by before the layer. */
  readonly scaling: Scaling;
  /** Mean loss of the last epoch's steps; not finite when the weights are not. */
  readonly loss: number;
}

/**
 * Trains a linear layer with each of the rates, all on the same batches and from the same weights.
 * `epochDone` is told the rates' mean losses of each epoch. In float64.
 */
export function trainBySgd(
  { features, labels, d, classes: k }: SgdData,
  recipe: SgdRecipe,
  rates: readonly number[],
  epochDone: (epoch: number, losses: readonly number[]) => void = () => undefined,
): readonly SgdFit[] {
  const { passes, start, batchNorm } = recipe;
  const running = batchNorm ? runningScaling(d) : undefined;
  const layers = rates.map((rate) => ({ rate, ...atRest(start), sum: 0, loss: Number.NaN }));
  const { perEpoch } = passes;
  /** Epochs that have ended after so many steps. */
  const ended = (steps: number): number => Math.floor(steps / perEpoch);
  let first = 0;
  for (let step = 0; step < passes.steps; step++) {
    const places = passes.of(step);
    const n = places.length;
    const seen = rowsOf(features, d, places);
    const x = withOnes(running?.normalise(seen) ?? seen, d);
    const answers = Int32Array.from(places, (place) => labels[place] ?? 0);
    inFloat64((ops) => {
      const rows = ops.of(x, n, d + 1);
      const targets = ops.of(oneHot(answers, k), n, k);
      for (const layer of layers) {
        const logits = floatProduct(ops, rows, ops.of(layer.weights, d + 1, k));
        const [losses, residuals] = softmaxLosses(ops, logits, targets, k);
        const gradient = ops.read(floatProduct(ops, rows, residuals, { ofColumns: true }));
        layer.sum += ops.read(losses).reduce((sum, value) => sum + value, 0) / n;
        update(layer, gradient, n, layer.rate * recipe.scale(step), recipe);
      }
    });
    if (ended(step + 1) === ended(step)) continue;
    for (const layer of layers) {
      layer.loss = layer.sum / (step + 1 - first);
      layer.sum = 0;
    }
    first = step + 1;
    epochDone(
      ended(step + 1),
      layers.map(({ loss }) => loss),
    );
  }
  const scaling = running?.scaling() ?? unscaled(d);
  return layers.map(({ rate, weights, loss }) => ({
    rate,
    model: separated(weights, k),
    scaling,
    loss: weights.every(Number.isFinite) ? loss : Number.NaN,
  }));
}

/** A layer, (d + 1, k) with the biases as its last row, and its momentum. */
interface Layer {
  readonly weights: Float64Array;
  readonly velocity: Float64Array;
}

const atRest = (start: Logistic): Layer => {
  const weights = joined(start);
  return { weights, velocity: new Float64Array(weights.length) };
};

/** Moves a layer by the gradient of the sum over n images. */
function update(
  { weights, velocity }: Layer,
  gradient: Float64Array,
  n: number,
  rate: number,
  { momentum, nesterov, rateIn, decay }: SgdRecipe,
): void {
  const [kept, moved] = rateIn === 'momentum' ? [rate, 1] : [1, rate];
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i] ?? 0;
    const g = kept * ((gradient[i] ?? 0) / n + decay * w);
    const v = momentum * (velocity[i] ?? 0) + g;
    velocity[i] = v;
    weights[i] = w - moved * (nesterov ? g + momentum * v : v);
  }
}

function rowsOf(x: Float32Array, d: number, places: Int32Array): Float64Array {
  const rows = new Float64Array(places.length * d);
  places.forEach((place, at) => {
    rows.set(x.subarray(place * d, (place + 1) * d), at * d);
  });
  return rows;
}
