import { expect, it } from 'vitest';
import { minimise } from '../../../src/tensor/probe/lbfgs.js';
import type { Objective } from '../../../src/tensor/probe/objective.js';

const rosenbrock: Objective = (x) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a = 0, b = 0] = [x[i], x[i + 1]];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i] = (gradient[i] ?? 0) - 400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1] = (gradient[i + 1] ?? 0) + 200 * (b - a * a);
  }
  return { value, gradient };
};

/** sum of w_i (x_i - i)^2 with weights from 1 to 1e4. */
const bowl: Objective = (x) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const weight = 10 ** ((4 * i) / (x.length - 1));
    const offset = (x[i] ?? 0) - i;
    value += weight * offset * offset;
    gradient[i] = 2 * weight * offset;
  }
  return { value, gradient };
};

it('finds the minimum of Rosenbrock in ten dimensions', () => {
  const found = minimise(
    rosenbrock,
    Float64Array.from({ length: 10 }, (_, i) => (i % 2 ? 1 : -1.2)),
  );
  expect(found.end).toBe('converged');
  for (const value of found.x) expect(value).toBeCloseTo(1, 5);
  expect(found.evaluations).toBeLessThan(150);
});

it('finds the minimum of a bowl with curvatures from 1 to ten thousand', () => {
  const found = minimise(bowl, new Float64Array(20), { tolerance: 1e-5, iterations: 2000 });
  expect(found.end).toBe('converged');
  for (const [i, value] of found.x.entries()) expect(value).toBeCloseTo(i, 4);
});

it('gives the same bytes each time', () => {
  const run = () => minimise(rosenbrock, new Float64Array(6)).x;
  expect(Buffer.from(run().buffer).equals(Buffer.from(run().buffer))).toBe(true);
});

it('stops where rounding hides every improvement', () => {
  const rounded: Objective = (x) => {
    const { value, gradient } = bowl(x);
    return { value: Math.fround(value + 1000), gradient };
  };
  const found = minimise(rounded, new Float64Array(5), { tolerance: 1e-12 });
  expect(['stalled', 'converged']).toContain(found.end);
  for (const [i, value] of found.x.entries()) expect(Math.abs(value - i)).toBeLessThan(0.05);
});

it('says that it ran out of iterations', () => {
  const found = minimise(rosenbrock, new Float64Array(6), { iterations: 3 });
  expect(found).toMatchObject({ end: 'limit', iterations: 3 });
});

it('shortens a step that overflows', () => {
  const steep: Objective = (x) => {
    const a = x[0] ?? 0;
    return {
      value: Math.exp(50 * a) - 50 * a,
      gradient: Float64Array.of(50 * Math.exp(50 * a) - 50),
    };
  };
  const found = minimise(steep, Float64Array.of(-20));
  expect(found.x[0]).toBeCloseTo(0, 5);
});

it('takes a guess of the curvature and a tolerance that depends on the place', () => {
  const weightOf = (i: number): number => 10 ** ((4 * i) / 19);
  const found = minimise(bowl, new Float64Array(20), {
    precondition: () => (q) => q.map((value, i) => value / weightOf(i)),
    tolerance: (x) => 1e-6 * (1 + (x[19] ?? 0)),
  });
  expect(found.end).toBe('converged');
  expect(found.iterations).toBeLessThan(5);
  expect(found.gradient).toBeLessThan(2e-5);
});

it('takes the curvature anew on the way, and no more often than it is worth', () => {
  /** sum of w_i (sqrt(1 + x_i^2) - 1): far away its curvature is almost none. */
  const valley: Objective = (x) => {
    const weight = (i: number): number => 10 ** (i / 4);
    let value = 0;
    const gradient = x.map((at, i) => {
      const root = Math.sqrt(1 + at * at);
      value += weight(i) * (root - 1);
      return (weight(i) * at) / root;
    });
    return { value, gradient };
  };
  const start = Float64Array.from({ length: 17 }, (_, i) => 3 + (i % 5));
  const run = (renewal?: number) => {
    let guesses = 0;
    const found = minimise(valley, start, {
      tolerance: 1e-8,
      ...(renewal !== undefined && { renewal }),
      precondition(x) {
        guesses += 1;
        const curvature = x.map((at, i) => 10 ** (i / 4) * (1 + at * at) ** -1.5);
        return (q) => q.map((value, i) => value / (curvature[i] ?? 1));
      },
    });
    expect(found.end).toBe('converged');
    return { guesses, iterations: found.iterations };
  };
  const [once, often, seldom] = [run(), run(0), run(8)];
  expect(once.guesses).toBe(1);
  expect(often.guesses).toBeGreaterThan(seldom.guesses);
  expect(seldom.guesses).toBeGreaterThan(1);
  expect(often.iterations).toBeLessThan(once.iterations);
});
