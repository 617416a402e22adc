import { expect, it } from 'vitest';
import { asMatrix, asRank3, asRank4 } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { inMixedRegions, withNormBehind } from '../../../src/tensor/detect/changed-parts.js';
import { detectorLoss, initDetector } from '../../../src/tensor/detect/faster-rcnn.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { type NamedTensors, pick, prefixed, under } from '../../../src/tensor/named-tensors.js';
import { resnet } from '../../../src/tensor/networks/resnet.js';
import { createRng } from '../../../src/tensor/rng.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, tensorsOf } from '../parity.js';

const reference = tensorsOf('faster_rcnn');
const network = resnet(
  { block: 'basic', blocks: [1, 1, 1, 1], width: 4, stem: 'imagenet' },
  { zeroInitResidual: false },
);
const shape = { classes: 3, sizes: [16, 32, 64], ratios: [0.5, 1, 2], roi: 7, beta: 1 / 9 };
const sampling = {
  anchors: 16,
  proposals: 8,
  proposing: { before: 200, after: 30, overlap: 0.7, leastSide: 1e-3 },
};

/** Losses and gradients of a step, with batch norm by running statistics or by the batch's. */
function step(
  trained: NamedTensors,
  given: NamedTensors,
  mode: string,
  networkParts = network.parts,
): NamedTensors {
  const { loss, gradients, others } = differentiate(trained, (now) => {
    const encoder = { trained: under(now, 'encoder'), stats: under(given, 'stats') };
    const { loss, parts, stats } = detectorLoss(
      networkParts,
      shape,
      { encoder, trained: now },
      { x: asRank4(pick(given, 'x')), extents: asMatrix(pick(given, 'extents')) },
      {
        boxes: asRank3(pick(given, 'objects')),
        classes: asMatrix(pick(given, 'classes')),
        there: asMatrix(pick(given, 'there')),
      },
      {
        anchors: asMatrix(pick(given, 'anchor_keys')),
        proposals: asMatrix(pick(given, 'proposal_keys')),
      },
      sampling,
      mode === 'frozen' ? undefined : {},
    );
    return { loss, others: { ...parts, ...prefixed(stats, 'after') } };
  });
  const of = Object.entries(gradients).map(([name, value]) => [`gradient.${name}`, value] as const);
  return { loss, ...others, ...Object.fromEntries(of) };
}

it.each(['frozen', 'batch'])('gives losses and gradients as torchvision does: %s', (mode) => {
  const trained = under(reference, 'trained');
  const plain = tf.tidy(() => step(trained, reference, mode));
  const names = ['anchor_classes', 'anchor_boxes', 'box_classes', 'boxes'];
  for (const name of names) {
    expectClose(
      'Faster R-CNN, losses',
      pick(plain, name),
      pick(reference, `${mode}.${name}`),
      1e-5,
    );
  }
  for (const name of Object.keys(trained)) {
    const [found, expected] = [`gradient.${name}`, `${mode}.gradient.${name}`];
    expectClose('Faster R-CNN, gradients', pick(plain, found), pick(reference, expected), 1e-3);
  }
  const compiled = compile(
    {
      step: {
        inputs: reference,
        step: (state, inputs) => ({ outputs: step(state, inputs, mode) }),
      },
    },
    trained,
  );
  const outputs = compiled.call('step', reference);
  for (const name of names) {
    expectClose('Faster R-CNN, compiled', pick(outputs, name), pick(plain, name), 1e-5);
  }
  compiled.dispose();
});

it('has a batch norm behind the last stage as MoCo has, by torchvision', () => {
  const behind = tensorsOf('faster_rcnn_norm');
  const trained = { ...under(reference, 'trained'), ...under(behind, 'trained') };
  const given = { ...reference, ...behind };
  const found = tf.tidy(() => step(trained, given, 'norm', withNormBehind(network.parts)));
  for (const name of ['anchor_classes', 'anchor_boxes', 'box_classes', 'boxes']) {
    const expected = pick(behind, `norm.${name}`);
    expectClose('Faster R-CNN with a norm behind, losses', pick(found, name), expected, 1e-5);
  }
  for (const name of Object.keys(trained)) {
    const expected = pick(behind, `norm.gradient.${name}`);
    const gradient = pick(found, `gradient.${name}`);
    expectClose('Faster R-CNN with a norm behind, gradients', gradient, expected, 1e-3);
  }
  for (const name of ['running_mean', 'running_var']) {
    const expected = pick(behind, `after.norm.${name}`);
    expectClose(
      'Faster R-CNN, running statistics',
      pick(found, `after.norm.${name}`),
      expected,
      1e-5,
    );
  }
});

it('computes its parts in bfloat16, and what lies between them not', () => {
  const trained = under(reference, 'trained');
  const mixed = inMixedRegions(network.parts);
  const compiled = (precision: 'fp32' | 'bf16') => {
    const made = compile(
      {
        step: {
          inputs: reference,
          step: (state, inputs) => ({ outputs: step(state, inputs, 'batch', mixed) }),
        },
      },
      trained,
      { precision },
    );
    const outputs = made.call('step', reference);
    made.dispose();
    return outputs;
  };
  const [whole, half] = [compiled('fp32'), compiled('bf16')];
  for (const name of ['anchor_classes', 'box_classes']) {
    const [expected = 0] = pick(reference, `batch.${name}`).dataSync();
    // In fp32 the marks are gone.
    expect(pick(whole, name).dataSync()[0]).toBeCloseTo(expected, 4);
    const [rounded = 0] = pick(half, name).dataSync();
    expect(rounded).not.toBe(pick(whole, name).dataSync()[0]);
    expect(Math.abs(rounded / expected - 1)).toBeLessThan(0.03);
  }
});

it('begins with small predictions', () => {
  const sizes = { channels: network.parts.channels, features: network.features };
  const weights = initDetector(createRng(1), shape, sizes);
  const names = Object.keys(under(reference, 'trained')).filter(
    (name) => !name.startsWith('encoder.'),
  );
  expect(Object.keys(weights).sort()).toEqual(names.sort());
  for (const name of names) {
    expect(pick(weights, name).shape).toEqual(pick(reference, `trained.${name}`).shape);
    const most = tf.max(tf.abs(pick(weights, name))).dataSync()[0];
    expect(most).toBeLessThan(0.06);
  }
});
