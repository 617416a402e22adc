import { type HostArray, numbers } from './host-array.js';

/**
 * Rotations counter-clockwise by degrees about the centre of images of a size: (n, 8), each the
 * first eight numbers of the matrix from an output pixel to the place in the input that it shows.
 */
export function rotationArray(angles: Float32Array, height: number, width: number): HostArray {
  const transforms = new Float32Array(angles.length * 8);
  angles.forEach((degrees, i) => {
    const cos = Math.cos((degrees * Math.PI) / 180);
    const sin = Math.sin((degrees * Math.PI) / 180);
    const x = (width - 1) / 2;
    const y = (height - 1) / 2;
    transforms.set([cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y], i * 8);
  });
  return numbers(transforms, [angles.length, 8]);
}
