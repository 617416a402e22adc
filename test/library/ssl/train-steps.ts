import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { make as resnet18 } from '../../../src/library/backbone/resnet18.js';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import type { Method, MethodStep } from '../../../src/library/stage.js';
import { asRank4 } from '../../../src/tensor/as-rank.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { type NamedTensors, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { createRng } from '../../../src/tensor/rng.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { tf } from '../../../src/tensor/tf.js';

/** Losses of a few steps on one batch of noise, and a digest of all weights, state and slots after them. */
export function trainSteps(
  method: Method,
  options: { readonly steps: number; readonly seed: number },
): { losses: number[]; digest: string } {
  loadTensorFlow({ threads: 2 });
  const backbone = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
  const optimizer = adamw({
    lr: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: 1e-4,
    final_decay: null,
    exclude: true,
  });
  const rng = createRng(options.seed);
  const encoder = backbone.init(rng.split('encoder'));
  const own = method.init(backbone.features, rng.split('method'), encoder, backbone.init);
  let trained: NamedTensors = { ...prefixed(encoder.trained, 'encoder'), ...own.trained };
  let state: NamedTensors = { ...prefixed(encoder.stats, 'encoder'), ...own.state };
  let slots: NamedTensors = optimizer.init(trained);
  const views = [0, 1].map((view) => noise(12, rng.split('view', view).uniform));
  const seed = tf.tensor1d([1, 2], 'int32');
  const encode: MethodStep['encode'] = (weights, statistics, x) => {
    const parts = { trained: under(weights, 'encoder'), stats: under(statistics, 'encoder') };
    const { features, stats } = backbone.apply(parts, x, { seed });
    return { features, state: prefixed(stats, 'encoder') };
  };

  const losses: number[] = [];
  const count = tf.memory().numTensors;
  for (let step = 0; step < options.steps; step++) {
    const result = tf.tidy(() => {
      const progress = tf.scalar(step / options.steps);
      const { loss, gradients, others } = differentiate(trained, (weights) => {
        const pass = method.loss({ trained: weights, state, views, seed, progress, encode });
        return { loss: pass.loss, others: pass.state };
      });
      const at = { scale: tf.scalar(1), step: tf.scalar(step), progress };
      const next = optimizer.update({ trained, gradients, slots, ...at });
      const passed = { ...state, ...others };
      const changed = { ...others, ...method.after?.(next.trained, passed, progress) };
      return { loss, changed, ...next };
    });
    losses.push(result.loss.dataSync()[0] ?? Number.NaN);
    for (const name of Object.keys(result.changed)) {
      expect(Object.keys(state), 'state that was declared').toContain(name);
      state[name]?.dispose();
    }
    tf.dispose([result.loss, trained, slots]);
    trained = result.trained;
    slots = result.slots;
    state = { ...state, ...result.changed };
    expect(tf.memory().numTensors, `tensors after step ${step}`).toBe(count);
  }
  const hash = createHash('sha256');
  for (const tensors of [trained, state, slots]) {
    for (const [name, tensor] of Object.entries(tensors).sort()) {
      hash.update(name).update(new Uint8Array(tensor.dataSync().buffer));
    }
  }
  return { losses, digest: hash.digest('hex') };
}

/** Random images (n, 16, 16, 3). */
function noise(n: number, uniform: () => number): tf.Tensor4D {
  const values = Float32Array.from({ length: n * 16 * 16 * 3 }, uniform);
  return asRank4(tf.tensor(values, [n, 16, 16, 3]));
}
