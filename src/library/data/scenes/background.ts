import type { Rng } from '../../../tensor/rng.js';

type Colour = readonly [number, number, number];

export const patterns = ['gradient', 'stripes', 'checks', 'clouds'] as const;
export type Pattern = (typeof patterns)[number];

/** What lies behind the objects, RGB (height, width, 3): a pattern of two colours, with some noise. */
export function background(rng: Rng, pattern: Pattern, width: number, height: number): Uint8Array {
  const [a, b] = [colourOf(rng), colourOf(rng)];
  const mix = mixes[pattern](rng, width, height);
  const grain = 12 * rng.uniform();
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = mix(x, y);
      const noise = grain * (rng.uniform() - 0.5);
      for (const channel of [0, 1, 2] as const) {
        pixels[to++] = a[channel] + share * (b[channel] - a[channel]) + noise;
      }
    }
  }
  return new Uint8Array(pixels.buffer);
}

const colourOf = (rng: Rng): Colour => [
  30 + 210 * rng.uniform(),
  30 + 210 * rng.uniform(),
  30 + 210 * rng.uniform(),
];

/** The share of the second colour at a pixel. */
type Mix = (x: number, y: number) => number;

/** From one colour to the other along a direction. */
function gradient(rng: Rng, width: number, height: number): Mix {
  const angle = 2 * Math.PI * rng.uniform();
  const [u, v] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.abs(u) * width + Math.abs(v) * height;
  return (x, y) => 0.5 + (u * (x - width / 2) + v * (y - height / 2)) / reach;
}

function stripes(rng: Rng): Mix {
  const angle = Math.PI * rng.uniform();
  const wide = 6 + 30 * rng.uniform();
  const [u, v] = [Math.cos(angle) / wide, Math.sin(angle) / wide];
  return (x, y) => (Math.floor(u * x + v * y) % 2 === 0 ? 0 : 0.5);
}

function checks(rng: Rng): Mix {
  const wide = 8 + 30 * rng.uniform();
  return (x, y) => ((Math.floor(x / wide) + Math.floor(y / wide)) % 2 === 0 ? 0 : 0.5);
}

/** Random shares on a coarse grid, and between its points what lies between. */
function clouds(rng: Rng, width: number, height: number): Mix {
  const cells = 3 + rng.below(6);
  const grid = Float64Array.from({ length: (cells + 1) ** 2 }, () => rng.uniform());
  const at = (column: number, row: number): number => grid[row * (cells + 1) + column] ?? 0;
  return (x, y) => {
    const [u, v] = [(x / width) * cells, (y / height) * cells];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [u - column, v - row];
    const upper = at(column, row) * (1 - s) + at(column + 1, row) * s;
    const lower = at(column, row + 1) * (1 - s) + at(column + 1, row + 1) * s;
    return upper * (1 - t) + lower * t;
  };
}

const mixes = { gradient, stripes, checks, clouds } as const;
