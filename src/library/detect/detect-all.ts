import { compile } from '../../tensor/compile/compile.js';
import { canvasesOf, canvasInputs } from '../../tensor/detect/canvas.js';
import { detectionsOf } from '../../tensor/detect/detections.js';
import { type NamedTensors, pick, prefixed, under } from '../../tensor/named-tensors.js';
import { tf } from '../../tensor/tf.js';
import type { TrainingState } from '../../tensor/train/train-step.js';
import type { BoxedImage } from '../artifact/boxes.js';
import type { FoundBox } from './found-boxes.js';
import { boxedAt, type DetectContext, proposing, type Setting } from './setting.js';
import { lay } from './training-images.js';

/** Images of the test that go through the detector at once. */
const testBatch = 8;

/** What a trained detector finds in images, in pixels of their files. */
export function detectAll(
  { params, progress }: DetectContext,
  { images, boxes, parts, shape, normalise }: Setting,
  { trained, state }: TrainingState,
  asked: Int32Array,
): readonly (readonly FoundBox[])[] {
  const proposed = proposing(6 * params.proposals, params.proposals);
  const options = { proposing: proposed, least: 0.05, overlap: 0.5, most: 100 };
  const size = { from: images.size, to: images.size };
  const inputsOf = (indices: Int32Array): NamedTensors =>
    canvasInputs(
      images.pixels(indices),
      Array.from(indices, (index) => lay(boxedAt(boxes, index))),
      size,
    );
  const weights = { ...prefixed(trained, 'trained'), ...prefixed(state, 'state') };
  // The last batch is filled up with its first image.
  const batches = Array.from({ length: Math.ceil(asked.length / testBatch) }, (_, at) =>
    Int32Array.from(
      { length: testBatch },
      (_, row) => asked[at * testBatch + row] ?? asked[0] ?? 0,
    ),
  );
  const example = inputsOf(batches[0] ?? new Int32Array(testBatch));
  const step = (now: NamedTensors, inputs: NamedTensors) => {
    const of = under(now, 'trained');
    const encoder = { trained: under(of, 'encoder'), stats: under(now, 'state') };
    const canvases = canvasesOf(inputs, normalise);
    return {
      outputs: { ...detectionsOf(parts, shape, { encoder, trained: of }, canvases, options) },
    };
  };
  const compiled = compile({ test: { inputs: example, step } }, weights);
  tf.dispose(example);
  const found: (readonly FoundBox[])[] = [];
  for (const indices of batches) {
    const inputs = inputsOf(indices);
    const outputs = compiled.call('test', inputs);
    const [all, scores, numbers] = ['boxes', 'scores', 'classes'].map((name) =>
      pick(outputs, name).dataSync(),
    );
    indices.forEach((index, row) => {
      if (found.length === asked.length) return;
      const own: FoundBox[] = [];
      for (let at = row * options.most; at < (row + 1) * options.most; at++) {
        const score = scores?.[at] ?? 0;
        if (score <= 0) break;
        const box = Array.from({ length: 4 }, (_, side) => Number(all?.[4 * at + side]));
        own.push({ class: Number(numbers?.[at]), score, box: inFile(boxedAt(boxes, index), box) });
      }
      found.push(own);
    });
    tf.dispose([inputs, outputs]);
    progress({ unit: 'image', done: found.length, total: asked.length });
  }
  compiled.dispose();
  return found;
}

/** A box of the canvas of the test where the file has it. */
function inFile({ width, height, place }: BoxedImage, box: readonly number[]): FoundBox['box'] {
  const [x, y] = [width / (place[2] - place[0]), height / (place[3] - place[1])];
  const [left = 0, top = 0, right = 0, bottom = 0] = box;
  return [x * left, y * top, x * right, y * bottom];
}
