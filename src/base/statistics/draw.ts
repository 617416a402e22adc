import { createHash } from 'node:crypto';

/**
 * The `index`th of a sequence of numbers between 0 and 1, both excluded, which follow from a seed and
 * a name alone: integers of 32 bits and one division, so they are the same on every machine.
 *
 * Van der Corput's sequence with Owen's nested uniform scrambling (Owen 1995), its order scrambled in
 * the same way (as by Burley, JCGT 9(4), 2020): of the first 2^k numbers one lies in each of 2^k
 * equal parts, and sequences of different names go together at random, as in a Latin hypercube.
 */
export function draw(seed: number, name: string, index: number): number {
  const { shuffle, scramble } = keysOf(seed, name);
  const place = reversed(scrambled(index, shuffle));
  return (scrambled(place, scramble) + 0.5) / 2 ** 32;
}

interface Keys {
  readonly shuffle: number;
  readonly scramble: number;
}

/** The keys of a name: the first eight bytes of a SHA-256. */
function keysOf(seed: number, name: string): Keys {
  const bytes = createHash('sha256').update(`ssp-draw/1\n${seed}\n${name}`).digest();
  return { shuffle: bytes.readUInt32BE(0), scramble: bytes.readUInt32BE(4) };
}

/** Turns each bit over or leaves it, by a hash of the bits above it. */
function scrambled(value: number, key: number): number {
  let turned = 0;
  for (let bit = 0; bit < 32; bit++) {
    const above = bit === 31 ? 0 : value >>> (bit + 1);
    turned |= (mixed(above ^ mixed((key + bit) >>> 0)) & 1) << bit;
  }
  return (value ^ turned) >>> 0;
}

/** Each bit depends on all: the finaliser of MurmurHash3. */
function mixed(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

/** The 32 bits in the opposite order. */
function reversed(value: number): number {
  let x = value;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
