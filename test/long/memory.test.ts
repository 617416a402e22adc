import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { make as resnet18 } from '../../src/library/backbone/resnet18.js';
import { methodRules } from '../../src/library/method-rules.js';
import { make as simclr } from '../../src/library/ssl/simclr.js';
import { collectGarbage } from '../../src/tensor/collect-garbage.js';
import { loadTensorFlow } from '../../src/tensor/load.js';
import { type NamedTensors, prefixed } from '../../src/tensor/named-tensors.js';
import { createRng } from '../../src/tensor/rng.js';
import { tf } from '../../src/tensor/tf.js';
import { compiledStepper } from '../../src/tensor/train/compiled-stepper.js';
import { momentOf } from '../../src/tensor/train/moment.js';
import type { StepRules } from '../../src/tensor/train/train-step.js';

loadTensorFlow({ threads: 2 });

const backbone = resnet18({ width: 4, stem: 'small-half', zero_init_residual: false });
const method = simclr({ temperature: 0.5, hidden: 8, dim: 4, head: 'paper', sum: false });

function rulesOf(): StepRules {
  return methodRules(method, backbone, {
    init: () => ({}),
    update({ trained, gradients }) {
      const next = Object.entries(trained).map(([name, weight]) => [
        name,
        tf.sub(weight, tf.mul(gradients[name] ?? 0, 1e-4)),
      ]);
      return { trained: Object.fromEntries(next), slots: {} };
    },
  });
}

/** Memory of this process that is no file's, in MB. */
function memory(): number {
  collectGarbage();
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

it.each(['fp32', 'bf16'] as const)('does not grow over 5,000 steps in %s', (precision) => {
  const rng = createRng(1);
  const encoder = backbone.init(rng);
  const { features, init: another } = backbone;
  const heads = method.init({ features, encoder, another, rng, pairs: 8 });
  const stepper = compiledStepper(
    rulesOf(),
    {
      trained: { ...prefixed(encoder.trained, 'encoder'), ...heads.trained },
      state: { ...prefixed(encoder.stats, 'encoder'), ...heads.state },
      slots: {},
    },
    { precision },
  );
  const step = (index: number): void => {
    const image = (): tf.Tensor4D => tf.randomUniform([8, 12, 12, 3], 0, 1, 'float32', index);
    const items = tf.range(0, 8, 1, 'int32');
    const inputs: NamedTensors = { 'view.0': image(), 'view.1': image(), items };
    const at = momentOf(index, { seed: 0, epochs: 1, perEpoch: 5500, scale: 1 });
    expect(stepper.step({ inputs, at }).watched.get('loss')).toBeGreaterThan(0);
    tf.dispose([inputs, at]);
  };
  const every = 500;
  for (let index = 0; index < every; index++) step(index);
  const tensors = tf.memory().numTensors;
  const seen = [memory()];
  for (let index = every; index < 5000 + every; index++) {
    step(index);
    if ((index + 1) % every === 0) seen.push(memory());
  }
  expect(tf.memory().numTensors).toBe(tensors);
  // V8 takes 8 MB for young objects and gives them back as it likes: single readings jump by that.
  expect(median(seen.slice(-5)) - median(seen.slice(0, 5)), seen.join(' ')).toBeLessThan(4);
  stepper.dispose();
});
