import { expect, it } from 'vitest';
import { asMatrix, asRank3, asRank4, asVector } from '../../../src/tensor/as-rank.js';
import { compile } from '../../../src/tensor/compile/compile.js';
import { cellAnchors, gridAnchors } from '../../../src/tensor/detect/anchors.js';
import {
  clipBoxes,
  decodeBoxes,
  encodeBoxes,
  overlapsOf,
} from '../../../src/tensor/detect/boxes.js';
import { headLosses, proposalLosses } from '../../../src/tensor/detect/losses.js';
import { matchBoxes, targetsOf } from '../../../src/tensor/detect/match.js';
import { propose } from '../../../src/tensor/detect/proposals.js';
import { roiAlign } from '../../../src/tensor/detect/roi-align.js';
import { suppress } from '../../../src/tensor/detect/suppress.js';
import { smoothL1 } from '../../../src/tensor/losses/smooth-l1.js';
import { type NamedTensors, pick } from '../../../src/tensor/named-tensors.js';
import { tf } from '../../../src/tensor/tf.js';
import { expectClose, expectClosePlain, tensorsOf } from '../parity.js';

const reference = tensorsOf('detect');
const at = (name: string): tf.Tensor => pick(reference, name);
const whole = (x: tf.Tensor): number[] => [...x.dataSync()].map(Math.round);

/** Runs it op by op, and compiled from inputs that a step is fed, which has to give the same. */
function bothWays(given: NamedTensors, run: (given: NamedTensors) => NamedTensors): NamedTensors {
  const plain = run(given);
  const step = (_: NamedTensors, inputs: NamedTensors) => ({ outputs: run(inputs) });
  const graph = compile({ step: { inputs: given, step } }, {});
  const compiled = graph.call('step', given);
  graph.dispose();
  for (const [name, value] of Object.entries(plain)) {
    expectClose('detection ops, compiled', pick(compiled, name), value, 2e-6);
  }
  return plain;
}

it('makes anchors as torchvision does, in the order of detectron2 and not rounded', () => {
  const cells = cellAnchors([32, 64, 128], [0.5, 1, 2]);
  const anchors = gridAnchors(cells, { rows: 10, columns: 8, stride: 16 });
  expectClose('anchors', anchors, at('anchors'), 1e-6);
});

it('encodes, decodes and compares boxes as torchvision does', () => {
  const inputs = { given: at('given'), others: at('others') };
  for (const [name, weights] of [
    ['proposals', [1, 1, 1, 1]],
    ['head', [10, 10, 5, 5]],
  ] as const) {
    const found = bothWays({ ...inputs, predicted: at(`${name}.predicted`) }, (of) => ({
      encoded: encodeBoxes(pick(of, 'given'), pick(of, 'others'), weights),
      decoded: decodeBoxes(pick(of, 'predicted'), pick(of, 'others'), weights),
    }));
    expectClose('encoded boxes', pick(found, 'encoded'), at(`${name}.encoded`), 1e-6);
    expectClose('decoded boxes', pick(found, 'decoded'), at(`${name}.decoded`), 2e-6);
  }
  const { iou } = bothWays(inputs, (of) => ({
    iou: overlapsOf(pick(of, 'given'), pick(of, 'others')),
  }));
  expectClose('overlaps', iou ?? expect.fail(), at('iou'), 1e-6);
});

it.each([
  ['anchors', { high: 0.7, low: 0.3, best: true }],
  ['proposals', { high: 0.5, low: 0.5, best: false }],
] as const)('matches boxes to objects as torchvision does: %s', (name, matching) => {
  const inputs = {
    objects: at('objects'),
    anchors: at('anchors'),
    there: tf.tensor2d([1, 1, 1, 1, 1, 0], [2, 3]),
  };
  const found = bothWays(inputs, ({ objects, anchors, there }) => {
    const overlaps = overlapsOf(objects ?? expect.fail(), anchors ?? expect.fail());
    const { object, label } = matchBoxes(asRank3(overlaps), asMatrix(there ?? overlaps), matching);
    return { object: tf.cast(object, 'float32'), label };
  });
  // There: the object, -1 for none, -2 between.
  const [label, object] = [whole(pick(found, 'label')), whole(pick(found, 'object'))];
  const matched = label.map((of, box) => (of === 1 ? (object[box] ?? -9) : of === 0 ? -1 : -2));
  expect(matched).toEqual(whole(at(`matched.${name}`)));
  expect(new Set(label)).toEqual(new Set(name === 'anchors' ? [1, 0, -1] : [1, 0]));
});

it('matches nothing where there is no object, and asks nothing of boxes that stand for none', () => {
  const overlaps = tf.tensor3d([0.9, 0.1, 0.2, 0.3], [1, 2, 2]);
  const none = matchBoxes(overlaps, tf.zeros([1, 2]), { high: 0.5, low: 0.5, best: true });
  expect(whole(none.label)).toEqual([0, 0]);
  const boxes = tf.tensor3d([0, 0, 4, 4, 1, 1, 2, 2], [1, 2, 4]);
  const matches = {
    object: tf.tensor2d([0, 1], [1, 2], 'int32'),
    label: tf.tensor2d([1, 0], [1, 2]),
  };
  const objects = tf.tensor3d([0, 0, 4, 8, 0, 0, 0, 0], [1, 2, 4]);
  const targets = [...targetsOf(matches, boxes, objects, [1, 1, 1, 1]).dataSync()];
  const expected = [0, 0.5, 0, Math.log(2), 0, 0, 0, 0];
  expectClosePlain('targets of boxes', targets, expected, 1e-6);
});

it.each([0.3, 0.5, 0.7])(
  'suppresses boxes as torchvision does, equal scores too: %d',
  (overlap) => {
    const found = bothWays({ many: at('many'), scores: at('scores') }, ({ many, scores }) => {
      const { rows, there } = suppress(
        asMatrix(many ?? expect.fail()),
        asVector(scores ?? expect.fail()),
        { overlap, most: 220 },
      );
      return { rows: tf.cast(rows, 'float32'), there };
    });
    const kept = whole(at(`kept.${overlap}`));
    expect(whole(pick(found, 'rows')).slice(0, kept.length)).toEqual(kept);
    const there = whole(pick(found, 'there'));
    expect(there).toEqual(there.map((_, place) => (place < kept.length ? 1 : 0)));
  },
);

it.each([0, 2, 3])(
  'takes features from boxes as torchvision does, and their gradient: %d samples',
  (samples) => {
    const names = { features: at('features'), rois: at('rois'), weight: at('weight') };
    const found = bothWays(names, ({ features, rois, weight }) => {
      const align = { size: 7, scale: 1 / 16, samples };
      const taken = (x: tf.Tensor): tf.Tensor =>
        roiAlign(asRank4(x), asRank3(rois ?? expect.fail()), align);
      const [of, by] = [features ?? expect.fail(), weight ?? expect.fail()];
      const gradient = tf.grad((x) => tf.sum(tf.mul(taken(x), by)))(of);
      return { taken: taken(of), gradient };
    });
    expectClose('RoIAlign', pick(found, 'taken'), at(`roi.${samples}`), 3e-6);
    expectClose('RoIAlign gradient', pick(found, 'gradient'), at(`roi.${samples}.gradient`), 3e-6);
  },
);

it('proposes boxes as torchvision does', () => {
  const given = {
    logits: at('rpn.logits'),
    predicted: at('rpn.predicted'),
    anchors: at('anchors'),
    extents: tf.tensor2d([160, 128, 120, 100], [2, 2]),
  };
  const found = bothWays(given, ({ logits, predicted, anchors, extents }) => {
    const { boxes, there } = propose(
      asMatrix(logits ?? expect.fail()),
      asRank3(predicted ?? expect.fail()),
      asMatrix(anchors ?? expect.fail()),
      asMatrix(extents ?? expect.fail()),
      { before: 100, after: 40, overlap: 0.7, leastSide: 1e-3 },
    );
    return { boxes, there };
  });
  for (const image of [0, 1]) {
    const expected = at(`proposed.${image}`);
    const count = expected.shape[0] ?? 0;
    const boxes = tf.slice(asRank3(pick(found, 'boxes')), [image, 0, 0], [1, count, 4]);
    expectClose('proposals', tf.squeeze(boxes, [0]), expected, 2e-6);
    const there = whole(tf.slice(asMatrix(pick(found, 'there')), [image, 0], [1, 40]));
    expect(there.reduce((sum, one) => sum + one)).toBe(count);
  }
});

it('gives losses of proposals and their gradients as torchvision does', () => {
  const names = ['logits', 'predicted', 'targets', 'label', 'mask'] as const;
  const inputs = Object.fromEntries(names.map((name) => [name, at(`rpn.${name}`)]));
  const found = bothWays(inputs, (of) => {
    const step = (logits: tf.Tensor, predicted: tf.Tensor) =>
      proposalLosses(
        {
          logits: asMatrix(logits),
          predicted: asRank3(predicted),
          targets: asRank3(pick(of, 'targets')),
          label: asMatrix(pick(of, 'label')),
          mask: asMatrix(pick(of, 'mask')),
        },
        1 / 9,
      );
    return withGradients(step, pick(of, 'logits'), pick(of, 'predicted'));
  });
  expectLosses('losses of proposals', found, 'rpn');
});

it('gives losses of the head and their gradients as torchvision does', () => {
  const names = ['logits', 'predicted', 'targets', 'label'] as const;
  const inputs = Object.fromEntries(names.map((name) => [name, at(`head.loss.${name}`)]));
  const found = bothWays(inputs, (of) => {
    const label = asVector(tf.cast(pick(of, 'label'), 'int32'));
    const step = (logits: tf.Tensor, predicted: tf.Tensor) =>
      headLosses(
        {
          logits: asMatrix(logits),
          predicted: asRank3(predicted),
          targets: asMatrix(pick(of, 'targets')),
          label,
          there: tf.ones(label.shape),
        },
        1 / 9,
      );
    return withGradients(step, pick(of, 'logits'), pick(of, 'predicted'));
  });
  expectLosses('losses of the head', found, 'head.loss');
});

/** Losses, and the gradients of the one for classes and twice the one for boxes. */
function withGradients(
  step: (logits: tf.Tensor, predicted: tf.Tensor) => { classes: tf.Scalar; boxes: tf.Scalar },
  logits: tf.Tensor,
  predicted: tf.Tensor,
): NamedTensors {
  const { grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) => {
    const { classes, boxes } = step(a, b);
    return tf.add(classes, tf.mul(boxes, 2)) as tf.Scalar;
  })([logits, predicted]);
  const [ofLogits = logits, ofPredicted = predicted] = grads;
  return { ...step(logits, predicted), logits: ofLogits, predicted: ofPredicted };
}

function expectLosses(item: string, found: NamedTensors, key: string): void {
  expectClose(item, pick(found, 'classes'), at(`${key}.classes`), 1e-6);
  expectClose(item, pick(found, 'boxes'), at(`${key}.boxes`), 1e-6);
  expectClose(`${item}, gradient`, pick(found, 'logits'), at(`${key}.logits.gradient`), 2e-6);
  expectClose(`${item}, gradient`, pick(found, 'predicted'), at(`${key}.predicted.gradient`), 2e-6);
}

it.each([0, 1 / 9, 1])('gives smooth L1 and its gradient as torch does: %d', (beta) => {
  const found = bothWays({ x: at('smooth.x') }, ({ x = expect.fail() }) => ({
    value: smoothL1(x, beta),
    gradient: tf.grad((x) => tf.sum(smoothL1(x, beta)))(x),
  }));
  const key = `smooth.${beta.toFixed(2)}`;
  expectClose('smooth L1', pick(found, 'value'), at(key), 1e-6);
  expectClose('smooth L1 gradient', pick(found, 'gradient'), at(`${key}.gradient`), 1e-6);
});

it('cuts boxes off at the edges of their images', () => {
  const boxes = tf.tensor3d([-3, -4, 20, 30, 5, 5, 9, 9], [2, 1, 4]);
  const clipped = clipBoxes(boxes, tf.tensor2d([10, 15, 8, 7], [2, 2]));
  expect(whole(clipped)).toEqual([0, 0, 15, 10, 5, 5, 7, 8]);
});
