import { expect, it } from 'vitest';
import { asMatrix, asRank3, asRank4 } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { detectorLoss, initDetector } from '../../../src/tensor/detect/faster-rcnn.js';
import { differentiate } from '../../../src/tensor/differentiate.js';
import { type NamedTensors, pick, under } from '../../../src/tensor/named-tensors.js';
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
function step(trained: NamedTensors, given: NamedTensors, mode: string): NamedTensors {
  const { loss, gradients, others } = differentiate(trained, (now) => {
    const encoder = { trained: under(now, 'encoder'), stats: under(given, 'stats') };
    const { loss, parts } = detectorLoss(
      network.parts,
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
      mode === 'batch' ? {} : undefined,
    );
    return { loss, others: parts };
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
