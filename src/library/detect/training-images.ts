import type { Laid } from '../../tensor/detect/canvas.js';
import type { NamedTensors } from '../../tensor/named-tensors.js';
import { createRng } from '../../tensor/rng.js';
import { tf } from '../../tensor/tf.js';
import { type Box, type BoxedImage, inSquare } from '../artifact/boxes.js';
import type { Interval } from '../stage.js';

/** An image as it lies on a canvas as large as its stored square, `scale` times its size there. */
export function lay({ place }: BoxedImage, scale = 1, mirrored = false): Laid {
  const [left, top, right, bottom] = place;
  const length = (pixels: number): number => Math.max(1, Math.round(scale * pixels));
  return { place, height: length(bottom - top), width: length(right - left), mirrored };
}

/** The images of a step as they are laid, by its number alone. */
export function layAtRandom(
  images: readonly BoxedImage[],
  scales: Interval,
  { seed, step }: { readonly seed: number; readonly step: number },
): readonly Laid[] {
  return images.map((image, at) => {
    const rng = createRng(seed, 'canvas', step, at);
    const scale = scales.low + (scales.high - scales.low) * rng.uniform();
    return lay(image, scale, rng.uniform() < 0.5);
  });
}

/** The objects of images where they lie on the canvas, filled up to `most`: boxes, classes, and which are there. */
export function objectInputs(
  images: readonly BoxedImage[],
  laid: readonly Laid[],
  most: number,
): NamedTensors {
  const boxes = new Float32Array(images.length * most * 4);
  const classes = new Float32Array(images.length * most);
  const there = new Float32Array(images.length * most);
  images.forEach((image, at) => {
    const seen = image.objects.flatMap(({ box, class: number }) => {
      const onCanvas = boxOnCanvas(image, laid[at] ?? lay(image), box);
      const [left, top, right, bottom] = onCanvas;
      // One that lies outside of its image, by the pixel that is let pass, is nothing to find.
      return left < right && top < bottom ? [{ box: onCanvas, number }] : [];
    });
    seen.forEach(({ box, number }, object) => {
      const row = at * most + object;
      boxes.set(box, 4 * row);
      classes[row] = number;
      there[row] = 1;
    });
  });
  return {
    boxes: tf.tensor3d(boxes, [images.length, most, 4]),
    classes: tf.tensor2d(classes, [images.length, most]),
    there: tf.tensor2d(there, [images.length, most]),
  };
}

/** A box of an image file where its canvas has it, cut off at the image's edges. */
function boxOnCanvas(image: BoxedImage, { place, width, height, mirrored }: Laid, box: Box): Box {
  const [left, top, right, bottom] = inSquare(image, box);
  const along = (value: number, from: number, to: number, length: number): number =>
    Math.min(length, Math.max(0, ((value - from) * length) / (to - from)));
  const x = [left, right].map((value) => along(value, place[0], place[2], width));
  const [from = 0, to = 0] = mirrored ? x.map((value) => width - value).reverse() : x;
  const y = [top, bottom].map((value) => along(value, place[1], place[3], height));
  return [from, y[0] ?? 0, to, y[1] ?? 0];
}
