import { expect, it } from 'vitest';
import { make as adamw } from '../../../src/library/optim/adamw.js';
import { make as clip } from '../../../src/library/optim/clip.js';
import { make as lars } from '../../../src/library/optim/lars.js';
import { make as sgd } from '../../../src/library/optim/sgd.js';
import { withPaces } from '../../../src/library/paces.js';
import type { Optimizer } from '../../../src/library/stage.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { clipGradients } from '../../../src/tensor/optim/clip-gradients.js';
import { tf } from '../../../src/tensor/tf.js';
import { momentOf } from '../../../src/tensor/train/moment.js';
import { expectClosePlain, jsonOf } from '../../tensor/parity.js';

type Numbers = Readonly<Record<string, readonly number[]>>;
interface Trace<Arguments> {
  readonly arguments: Arguments;
  readonly after: readonly Numbers[];
}
interface Steps {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly rates: readonly number[];
  readonly first: Numbers;
  readonly gradients: readonly Numbers[];
}
interface Traces extends Steps {
  readonly sgd: readonly Trace<Parameters<typeof sgd>[0]>[];
  readonly adamw: readonly Trace<Omit<Parameters<typeof adamw>[0], 'final_decay'>>[];
}
interface LarsTraces extends Steps {
  readonly lars: readonly Trace<Parameters<typeof lars>[0]>[];
  readonly clip: readonly {
    readonly norm: number;
    readonly per: 'all' | 'parameter';
    readonly gradients: readonly Numbers[];
  }[];
  readonly decaying: readonly {
    readonly lr: number;
    readonly decay: number;
    readonly final: number;
    readonly after: readonly Numbers[];
  }[];
}

loadTensorFlow({ threads: 2 });
const traces = jsonOf<Traces>('optimisers');
const larsTraces = jsonOf<LarsTraces>('lars');

const tensors = (steps: Steps, numbers: Numbers): NamedTensors =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [
      name,
      tf.tensor([...values], steps.shapes[name] ?? [], 'float32'),
    ]),
  );

function follow(
  label: string,
  given: Optimizer,
  { steps, after }: { readonly steps: Steps; readonly after: readonly Numbers[] },
): void {
  const optimizer = withPaces(given);
  let trained = tensors(steps, steps.first);
  let slots = optimizer.init(trained);
  after.forEach((reference, step) => {
    const gradients = tensors(steps, steps.gradients[step] ?? {});
    const training = { seed: 0, epochs: 1, perEpoch: after.length };
    const at = momentOf(step, { ...training, scale: steps.rates[step] ?? 0 });
    const count = tf.memory().numTensors;
    const next = optimizer.update({ trained, gradients, slots, at });
    expect(tf.memory().numTensors - count, 'tensors made by an update').toBe(
      Object.keys(trained).length + Object.keys(slots).length,
    );
    expect(Object.keys(next.trained).sort()).toEqual(Object.keys(trained).sort());
    expect(Object.keys(next.slots).sort()).toEqual(Object.keys(slots).sort());
    ({ trained, slots } = next);
    for (const [name, values] of Object.entries(reference)) {
      const item = `${label}: step ${step}, ${name}`;
      expectClosePlain(item, pick(trained, name).dataSync(), values, 1e-6);
    }
  });
}

it('moves as torch.optim.SGD', () => {
  for (const { arguments: args, after } of traces.sgd) {
    follow('SGD', sgd(args), { steps: traces, after });
  }
});

it('moves as torch.optim.AdamW', () => {
  for (const { arguments: args, after } of traces.adamw) {
    follow('AdamW', adamw({ ...args, final_decay: null }), { steps: traces, after });
  }
});

it('decays by a schedule as DINO does', () => {
  for (const { lr, decay, final, after } of larsTraces.decaying) {
    const own = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, exclude: false };
    const optimizer = adamw({ ...own, lr, decay, final_decay: final });
    follow('AdamW, decay on a cosine', optimizer, { steps: larsTraces, after });
  }
});

for (const { arguments: args, after } of larsTraces.lars) {
  const { variant, clip: clipped, exclude, decay, vector_lr } = args;
  it(`adapts as LARS does: ${JSON.stringify({ variant, clipped, exclude, decay, vector_lr })}`, () => {
    follow(`LARS ${variant}`, lars(args), { steps: larsTraces, after });
  });
}

it('moves matrices by `lr` and vectors by `vector_lr`, also where it adapts nothing', () => {
  const steps: Steps = {
    ...larsTraces,
    shapes: { kernel: [1, 2], bias: [1] },
    first: { kernel: [1, 2], bias: [3] },
    gradients: [{ kernel: [1, -1], bias: [1] }],
    rates: [1],
  };
  const given = { lr: 0.5, vector_lr: 0.25, momentum: 0, eta: 0.001, decay: 0, clip: false };
  const off = lars({ ...given, exclude: true, variant: 'bolts' });
  follow('LARS without decay', off, {
    steps,
    after: [{ kernel: [0.5, 2.5], bias: [2.75] }],
  });
});

it('refuses what would have no effect', () => {
  expect(() => sgd({ lr: 1, momentum: 0, nesterov: true, decay: 0, exclude: false })).toThrow(
    '`nesterov: true` looks along a momentum, and `momentum` is 0',
  );
  const given = { lr: 0.5, vector_lr: 0.25, momentum: 0, eta: 0.001, decay: 0.1, clip: false };
  expect(() => lars({ ...given, exclude: false, variant: 'solo' })).toThrow(
    '`vector_lr` is the rate of vectors that are excluded',
  );
});

it('clips gradients as clip_grad_norm_ and as DINO', () => {
  for (const { norm, per, gradients } of larsTraces.clip) {
    gradients.forEach((reference, step) => {
      const given = tensors(larsTraces, larsTraces.gradients[step] ?? {});
      const clipped = clipGradients(given, norm, per);
      for (const [name, values] of Object.entries(reference)) {
        expectClosePlain(`clip, ${per}: ${name}`, pick(clipped, name).dataSync(), values, 1e-6);
      }
    });
  }
});

it('clips what another optimiser is given, and keeps nothing', () => {
  const plain = { momentum: 0, nesterov: false, decay: 0, exclude: false };
  for (const { norm, per, gradients } of larsTraces.clip) {
    const optimizer = clip({ optimizer: sgd({ ...plain, lr: 1 }), norm, per });
    // The rates are 1, so that the weights say what the gradients were.
    const steps = { ...larsTraces, rates: larsTraces.rates.map(() => 1) };
    const now = Object.entries(steps.first).map(([name, values]): [string, number[]] => [
      name,
      [...values],
    ]);
    const after = gradients.map((gradient) => {
      for (const [name, values] of now) {
        gradient[name]?.forEach((value, at) => {
          values[at] = (values[at] ?? 0) - value;
        });
      }
      return Object.fromEntries(now.map(([name, values]) => [name, [...values]]));
    });
    follow(`clip, ${per}`, optimizer, { steps, after });
  }
});
