import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { lidar } from '../../../src/tensor/probe/lidar.js';
import { createRng } from '../../../src/tensor/rng.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it("is that of SciPy's generalised eigenvalues, and leaks no tensor", () => {
  const before = nativeBackend().binding.getNumOfTensors();
  const { x, y, mixing } = measures;
  const second = x.slice(0, 30).map((row, i) =>
    row.map((value, j) => {
      const added = mixing.reduce(
        (sum, weights, k) => sum + (y[i]?.[k] ?? 0) * (weights[j] ?? 0),
        0,
      );
      return value + 0.3 * added;
    }),
  );
  const views = [flat(x.slice(0, 30)), flat(second), flat(x.slice(30, 60))];
  expectClosePlain('LiDAR', [lidar(views, 20)], [measures.lidar], 2e-5);
  expect(nativeBackend().binding.getNumOfTensors()).toBe(before);
});

it('counts dimensions in which images differ more than their views', () => {
  const rng = createRng(2, 'lidar');
  const [n, d] = [200, 6];
  // Of six dimensions three are of the image.
  const own = Float32Array.from({ length: n * d }, (_, i) => (i % d < 3 ? rng.normal() : 0));
  const views = Array.from({ length: 10 }, () => own.map((value) => value + 0.1 * rng.normal()));
  expect(lidar(views, d)).toBeGreaterThan(2.9);
  expect(lidar(views, d)).toBeLessThan(3.3);
});
