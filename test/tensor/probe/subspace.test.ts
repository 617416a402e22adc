import { beforeAll, expect, it } from 'vitest';
import { inFloats } from '../../../src/tensor/floats.js';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { ClassCurvature } from '../../../src/tensor/probe/class-curvature.js';
import { crossEntropyOf } from '../../../src/tensor/probe/cross-entropy.js';
import { Directions } from '../../../src/tensor/probe/directions.js';
import { dot, norm } from '../../../src/tensor/probe/lbfgs.js';
import { minimiseInSubspace } from '../../../src/tensor/probe/subspace.js';

const [n, d, k] = [40, 60, 3];
const x = Float64Array.from({ length: n * d }, (_, i) => Math.sin(i * i * 0.37 + i));
const data = { x, d, labels: Int32Array.from({ length: n }, (_, i) => i % k), classes: k };
/** Weights and bias (d + 1, k) of no meaning. */
const some = (number: number): Float64Array =>
  Float64Array.from({ length: (d + 1) * k }, (_, i) => Math.cos(i * number + i * i));

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('takes what weights have beyond the directions, and nothing twice', () => {
  inFloats('float64', (ops) => {
    const directions = new Directions(ops, crossEntropyOf(ops, 'float64', data, n));
    directions.grow(some(1));
    expect(directions.count).toBe(1 + k);
    const twice = some(1).map((value, i) => 2 * value + (i < d * k ? 0 : 1));
    directions.grow(twice);
    expect(directions.count).toBe(1 + k);
    directions.grow(some(2));
    expect(directions.count).toBe(1 + 2 * k);
    const back = directions.weightsAt(directions.placesOf(some(2)));
    for (const [i, value] of some(2).entries()) expect(back[i]).toBeCloseTo(value, 10);
    const lengths = directions.placesOf(some(1));
    expect(norm(lengths)).toBeCloseTo(norm(some(1)), 10);
    directions.forget();
    expect(directions.count).toBe(1);
  });
});

it('has the same curvature whether features come at once or in turn', () => {
  const inverse = (...growths: readonly (readonly number[])[]): Float64Array =>
    inFloats('float64', (ops) => {
      const directions = new Directions(ops, crossEntropyOf(ops, 'float64', data, 15));
      const few = () => ({
        ...crossEntropyOf(ops, 'float64', data, 15),
        parts: directions.parts(ops),
      });
      const curvature = new ClassCurvature(ops, few(), new Float64Array(k));
      for (const growth of growths) {
        for (const number of growth) directions.grow(some(number));
        curvature.grow(few(), directions.along);
      }
      const q = Float64Array.from({ length: directions.count * k }, (_, i) => Math.sin(i));
      return curvature.inverse(ops, 'float64', 0.1)(q);
    });
  const [whole, inTurn] = [inverse([1, 2, 3]), inverse([1], [2, 3])];
  for (const [i, value] of whole.entries()) expect(inTurn[i]).toBeCloseTo(value, 10);
  // No class moves beside the others.
  expect(whole.slice(0, k).reduce((sum, value) => sum + value)).toBeCloseTo(0, 10);
});

it('comes near the minimum in fewer directions than features, and leaves no tensor', () => {
  const native = () => nativeBackend().binding.getNumOfTensors();
  const before = native();
  const found = inFloats('float64', (ops) => {
    const all = crossEntropyOf(ops, 'float64', data, n);
    const objective = all.withPenalty(0.01);
    const directions = new Directions(ops, all);
    const { x: theta, iterations } = minimiseInSubspace(
      directions,
      0.01,
      new Float64Array((d + 1) * k),
      { tolerance: () => 1e-6, iterations: 500, most: d },
    );
    const { gradient } = objective(theta);
    return { count: directions.count, iterations, gradient: Math.sqrt(dot(gradient, gradient)) };
  });
  expect(found.gradient).toBeLessThan(1e-6);
  expect(found.count).toBeLessThan(d);
  expect(native()).toBe(before);
});
