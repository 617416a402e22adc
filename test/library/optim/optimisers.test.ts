import { expect, it } from 'vitest';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import type { Optimizer } from '../../../src/library/stage.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { loadTensorFlow } from '../../../src/tensor/runtime/load.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClosePlain, jsonOf } from '../../tensor/parity.js';

type Numbers = Readonly<Record<string, readonly number[]>>;
interface Trace<Arguments> {
  readonly arguments: Arguments;
  readonly after: readonly Numbers[];
}
interface Traces {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly rates: readonly number[];
  readonly first: Numbers;
  readonly gradients: readonly Numbers[];
  readonly sgd: readonly Trace<Parameters<typeof sgd>[0]>[];
  readonly adamw: readonly Trace<Parameters<typeof adamw>[0]>[];
}

loadTensorFlow({ threads: 2 });
const traces = jsonOf<Traces>('optimisers');

const tensors = (numbers: Numbers): NamedTensors =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [
      name,
      tf.tensor([...values], traces.shapes[name] ?? [], 'float32'),
    ]),
  );

function follow(label: string, optimizer: Optimizer, after: readonly Numbers[]): void {
  let trained = tensors(traces.first);
  let slots = optimizer.init(trained);
  after.forEach((reference, step) => {
    const gradients = tensors(traces.gradients[step] ?? {});
    const scale = tf.scalar(traces.rates[step] ?? 0);
    const at = tf.scalar(step);
    const count = tf.memory().numTensors;
    const next = optimizer.update({ trained, gradients, slots, scale, step: at });
    expect(tf.memory().numTensors - count, 'tensors made by an update').toBe(
      Object.keys(trained).length + Object.keys(slots).length,
    );
    ({ trained, slots } = next);
    for (const [name, values] of Object.entries(reference)) {
      expectClosePlain(`${label}: step ${step}`, pick(trained, name).dataSync(), values, 1e-6);
    }
  });
}

it('moves as torch.optim.SGD', () => {
  for (const trace of traces.sgd) follow('SGD', sgd(trace.arguments), trace.after);
});

it('moves as torch.optim.AdamW', () => {
  for (const trace of traces.adamw) follow('AdamW', adamw(trace.arguments), trace.after);
});
