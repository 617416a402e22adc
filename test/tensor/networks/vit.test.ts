import { expect, it } from 'vitest';
import { asRank4, asVector } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { pathFactors } from '../../../src/tensor/layers/drop-path.js';
import { type NamedTensors, pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { fromTorch, toTorch } from '../../../src/tensor/networks/torch-layout.js';
import { vit } from '../../../src/tensor/networks/vit.js';
import { decayGroups } from '../../../src/tensor/optim/decay-groups.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const shape = { width: 12, depth: 3, heads: 3, patch: 4, image: 16, dropPath: 0 };
const reference = tensorsOf('vit');
const trained = under(reference, 'trained');
const seed = tf.tensor1d([5, 6], 'int32');

it('gives features and gradients as timm does, at its own image size and at another', () => {
  for (const size of ['same', 'other']) {
    const given = (name: string): tf.Tensor => pick(reference, `${size}.${name}`);
    const x = asRank4(given('x'));
    const evaluation = vit(shape).apply({ trained }, x);
    expect(evaluation.stats).toEqual({});
    expectClose(`ViT evaluation: ${size}`, evaluation.features, given('features'), 2e-6);
    const { gradients, others } = differentiate(trained, (now) => {
      const { features } = vit(shape).apply({ trained: now }, x, { seed });
      return { loss: tf.sum<tf.Scalar>(tf.mul(features, given('dy'))), others: { features } };
    });
    expectClose(`ViT features: ${size}`, pick(others, 'features'), given('features'), 2e-6);
    for (const [name, gradient] of Object.entries(gradients)) {
      expectClose(`ViT gradients: ${size} ${name}`, gradient, given(`gradients.${name}`), 1e-5);
    }
  }
});

it('has the names and shapes of timm, and begins as DINO does', () => {
  const first = vit(shape).init(createRng(1));
  expect(first.stats).toEqual({});
  const shapes = (tensors: NamedTensors): Record<string, string> =>
    Object.fromEntries(
      Object.entries(tensors)
        .map(([name, tensor]) => [name, tensor.shape.join()] as const)
        .sort(),
    );
  expect(shapes(first.trained)).toEqual(shapes(trained));

  const wide = vit({ ...shape, width: 192, heads: 3, depth: 1, patch: 8, image: 64 });
  expect(wide.features).toBe(192);
  const begun = wide.init(createRng(1)).trained;
  const spread = (name: string): number =>
    Math.sqrt(tf.moments(pick(begun, name)).variance.dataSync()[0] ?? 0);
  const largest = (name: string): number => tf.max(tf.abs(pick(begun, name))).dataSync()[0] ?? 0;
  for (const name of ['pos_embed', 'blocks.0.attn.qkv.weight', 'blocks.0.mlp.fc2.weight']) {
    expect(spread(name) / 0.02, name).toBeCloseTo(1, 1);
  }
  // torch.nn.Conv2d: uniform up to 1 / sqrt(inputs).
  const bound = 1 / Math.sqrt(8 * 8 * 3);
  expect(largest('patch_embed.proj.weight') / bound).toBeCloseTo(1, 2);
  expect(largest('patch_embed.proj.weight')).toBeLessThanOrEqual(bound);
  expect(largest('blocks.0.attn.qkv.bias')).toBe(0);
  expect(pick(begun, 'norm.weight').dataSync()).toEqual(new Float32Array(192).fill(1));
  const again = wide.init(createRng(1)).trained;
  expect(pick(again, 'pos_embed').dataSync()).toEqual(pick(begun, 'pos_embed').dataSync());
});

it('drops the paths of the last block for the images that the seed says', () => {
  const deep = { ...shape, depth: 2, dropPath: 0.5 };
  const x = asRank4(pick(reference, 'same.x'));
  const images = x.shape[0];
  const evaluated = (depth: number): tf.Tensor2D =>
    vit({ ...deep, depth }).apply({ trained }, x).features;
  const [one, two] = [evaluated(1).arraySync(), evaluated(2).arraySync()];
  let skipped = 0;
  for (let number = 0; number < 8; number++) {
    const pass = { seed: tf.tensor1d([number, 0], 'int32') };
    const factors = pathFactors([0, 0, 0.5, 0.5], images, pass.seed).arraySync();
    const features = vit(deep).apply({ trained }, x, pass).features.arraySync();
    features.forEach((row, image) => {
      const whole = factors[2]?.[image] === 0 && factors[3]?.[image] === 0;
      if (whole) {
        skipped++;
        row.forEach((value, index) => {
          expect(value).toBeCloseTo(one[image]?.[index] ?? Number.NaN, 5);
        });
      } else expect(row).not.toEqual(two[image]);
    });
  }
  expect(skipped).toBeGreaterThan(0);
});

it('gives the same gradients compiled, dropped paths and resampled positions included', () => {
  const network = vit({ ...shape, dropPath: 0.4 });
  const step = (now: NamedTensors, { x, at }: NamedTensors): NamedTensors => {
    const images = asRank4(x ?? tf.scalar(0));
    const { loss, gradients } = differentiate(now, (weights) => {
      const pass = { seed: asVector(at ?? tf.scalar(0)) };
      const { features } = network.apply({ trained: weights }, images, pass);
      return { loss: tf.sum<tf.Scalar>(tf.square(features)), others: {} };
    });
    return { loss, ...prefixed(gradients, 'gradients') };
  };
  const inputs = { x: pick(reference, 'other.x'), at: seed };
  const compiled = compile(
    { step: { inputs, step: (now, fed) => ({ outputs: step(now, fed) }) } },
    trained,
    { precision: 'fp32' },
  );
  for (const number of [1, 2]) {
    const fed = { ...inputs, at: tf.tensor1d([number, 7], 'int32') };
    const eager = step(trained, fed);
    for (const [name, value] of Object.entries(compiled.call('step', fed))) {
      expectClose(`ViT compiled: ${name}`, value, pick(eager, name), 1e-5);
    }
  }
  compiled.dispose();
});

it('takes images of several sizes together as one batch after another, dropped paths included', () => {
  const network = vit({ ...shape, dropPath: 0.4 });
  const sizes = ['same', 'other'].map((size) => asRank4(pick(reference, `${size}.x`)));
  const passes = [{ seed }, {}, { seed: tf.tensor1d([7, 8], 'int32') }];
  const batches = [...sizes, ...sizes.slice(0, 1)].map((x, at) => ({ x, training: passes[at] }));
  const of = (features: (now: NamedTensors) => tf.Tensor) =>
    differentiate(trained, (now) => {
      const found = features(now);
      const weights = tf.reshape(tf.linspace(-1, 1, found.size), found.shape);
      return { loss: tf.sum<tf.Scalar>(tf.mul(found, weights)), others: { found } };
    });
  const apart = of((now) =>
    tf.concat(
      batches.map(({ x, training }) => network.apply({ trained: now }, x, training).features),
    ),
  );
  const together = of((now) => network.applyTogether({ trained: now }, batches));
  expectClose('together', pick(together.others, 'found'), pick(apart.others, 'found'), 1e-6);
  for (const [name, gradient] of Object.entries(together.gradients)) {
    expectClose(`together: ${name}`, gradient, pick(apart.gradients, name), 1e-5);
  }
});

it('is stored in PyTorch’s layouts: tokens and positions as they are, linear weights turned', () => {
  const stored = toTorch(trained);
  expect(pick(stored, 'cls_token').shape).toEqual([1, 1, 12]);
  expect(pick(stored, 'pos_embed').dataSync()).toEqual(pick(trained, 'pos_embed').dataSync());
  expect(pick(stored, 'blocks.0.attn.qkv.weight').shape).toEqual([36, 12]);
  expect(pick(stored, 'patch_embed.proj.weight').shape).toEqual([12, 3, 4, 4]);
  for (const [name, tensor] of Object.entries(fromTorch(stored))) {
    expect(tensor.dataSync(), name).toEqual(pick(trained, name).dataSync());
  }
});

it('leaves vectors out of weight decay, and decays tokens and positions as DINO does', () => {
  const groups = decayGroups(trained, true);
  const [decayed, kept] = [true, false].map((decays) =>
    groups.filter((group) => group.decays === decays).flatMap(({ names }) => names),
  );
  expect(decayed).toContain('cls_token');
  expect(decayed).toContain('pos_embed');
  expect(decayed).toContain('patch_embed.proj.weight');
  expect(kept).toContain('blocks.0.norm1.weight');
  expect(kept).toContain('blocks.0.attn.qkv.bias');
});
