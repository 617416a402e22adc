import { expect, it } from 'vitest';
import { corruptions } from '../../../src/library/invariance/corruption.js';
import { frosted, ice } from '../../../src/library/invariance/corruptions/frost.js';
import { poisson } from '../../../src/library/invariance/corruptions/noise.js';
import { createRng } from '../../../src/tensor/rng.js';
import { expectClosePlain, jsonOf } from '../../tensor/parity.js';

/** The generator of make_corruptions.py. */
function draws(seed: number) {
  let state = seed;
  let spare: number | undefined;
  const uniform = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}

/** The image of make_corruptions.py. */
function image(size: number): Float64Array {
  return Float64Array.from({ length: size * size * 3 }, (_, index) => {
    const [c, x, y] = [
      index % 3,
      Math.floor(index / 3) % size,
      Math.floor(Math.floor(index / 3) / size),
    ];
    const isCorner = x < Math.floor(size / 4) && y < Math.floor(size / 4);
    const colour = (x * 7 + y * 13 + c * 29 + Math.floor((x * y) / 5)) % 256;
    return (isCorner ? (x * y) % 256 : colour) / 255;
  });
}

/** The pattern of make_corruptions.py in the place of a photograph of frost. */
function frostPattern(size: number): Float64Array {
  return Float64Array.from({ length: size * size * 3 }, (_, index) => {
    const [c, x, y] = [
      index % 3,
      Math.floor(index / 3) % size,
      Math.floor(Math.floor(index / 3) / size),
    ];
    return ((x * 5 + y * 3 + c * 17) % 256) / 255;
  });
}

/** What float32 of OpenCV and of the official code costs, in shares of 255. */
const float32 = 3e-6;
/** Of places that OpenCV computes in float32. */
const places = 1e-5;
/** On the way, a value that is a whole number but for its last bit may become the byte below. */
const oneLevel = 1 / 255;

for (const [kind, corrupt] of Object.entries(corruptions)) {
  it(`corrupts as the official code of ImageNet-C does, with the same draws: ${kind}`, async () => {
    const reference = jsonOf<Record<string, Record<string, number[][]>>>('corruptions')[kind] ?? {};
    expect(Object.keys(reference)).toEqual(['32', '64', '224']);
    for (const [size, bySeverity] of Object.entries(reference)) {
      for (const [i, values] of bySeverity.entries()) {
        const [pixels, strength] = [image(Number(size)), i + 1];
        const given = { pixels, size: Number(size), strength, rng: draws(strength) };
        // What is drawn in the place of the photographs has no reference; what is done with it has.
        const made = await (kind === 'frost'
          ? frosted(given, frostPattern(given.size))
          : corrupt(given));
        const at = values.map(
          (_, place) => 255 * (made[(place * 7919) % made.length] ?? Number.NaN),
        );
        expectClosePlain(
          `corruption ${kind}: ${size} px, ${strength}`,
          at,
          values,
          kind === 'glass_blur' ? oneLevel : kind === 'elastic_transform' ? places : float32,
        );
      }
    }
  });
}

it('draws counts of Poisson’s distribution', () => {
  const rng = createRng(1, 'poisson');
  const counts = Array.from({ length: 20_000 }, () => poisson(7.5, rng.uniform()));
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / counts.length;
  expect(Math.abs(mean - 7.5)).toBeLessThan(0.1);
  expect(Math.abs(variance - 7.5)).toBeLessThan(0.3);
  expect(poisson(0, 0.7)).toBe(0);
  expect(poisson(500, 1)).toBeLessThan(2000);
});

it('draws frost that is as bright and as rich in contrast as the photographs, and another each time', () => {
  const black = (seed: number) =>
    frosted(
      { pixels: new Float64Array(64 * 64 * 3), size: 64, strength: 5 },
      ice(64, createRng(seed, 'frost')),
    );
  const [one, other] = [black(1), black(2)];
  const mean = one.reduce((a, b) => a + b, 0) / one.length;
  expect(255 * mean).toBeCloseTo(0.55 * 164, 0);
  expect(one).not.toEqual(other);
});
