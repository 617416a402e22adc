import * as crypto from 'node:crypto';
import { invariant } from '../base/errors.js';
import { sfc32 } from '../base/sfc32.js';

/**
 * Explicit randomness: a stream is named by a seed and a path of labels, so that adding a use
 * somewhere never shifts the numbers of another.
 */
export interface Rng {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** An independent stream; the same labels give the same stream. */
  split(...labels: readonly (string | number)[]): Rng;
}

/**
 * The stream named by a seed and labels: `createRng(0, 'epoch', 3)`.
 *
 * SHA-256 of the name gives the state of an sfc32 generator (Doty-Humphrey, PractRand), so
 * streams of different names are independent however alike the names are. `split` depends on the
 * name alone, not on the numbers drawn before: `createRng(0, 'a').split('b')` is
 * `createRng(0, 'a', 'b')`. A label `1` is not the label `'1'`.
 * @throws Bug on a number that is not finite.
 */
export function createRng(seed: number, ...labels: readonly (string | number)[]): Rng {
  return streamOf(nameOf('', [seed, ...labels]));
}

/** The path as the text of a JSON array without its brackets, behind that of a stream that it is split from. */
function nameOf(stem: string, path: readonly (string | number)[]): string {
  let name = stem;
  for (const part of path) {
    const isNamed = typeof part === 'string' || Number.isFinite(part);
    invariant(isNamed, `a random stream cannot be named ${[stem, ...path].join('/')}`);
    name += `${name === '' ? '' : ','}${JSON.stringify(part)}`;
  }
  return name;
}

function streamOf(name: string): Rng {
  const next = sfc32(sha256(`[${name}]`));
  let spare: number | undefined;
  return {
    uniform: () => next() / 2 ** 32,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Box and Muller: two normals from two uniforms; 1 - u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - next() / 2 ** 32));
      const angle = 2 * Math.PI * (next() / 2 ** 32);
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below(n) {
      invariant(Number.isInteger(n) && n > 0 && n <= 2 ** 32, `no integer lies in [0, ${n})`);
      // Values past the last full multiple of n would favour small results: draw again.
      const limit = 2 ** 32 - (2 ** 32 % n);
      let value = next();
      while (value >= limit) value = next();
      return value % n;
    },
    split: (...more) => streamOf(nameOf(name, more)),
  };
}

/** Half the time of `createHash` for a short text, where Node has it (20.12 and newer). */
const { hash } = crypto as Partial<typeof crypto>;
const sha256 = (text: string): Buffer =>
  hash ? hash('sha256', text, 'buffer') : crypto.createHash('sha256').update(text).digest();
