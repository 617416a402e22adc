import { expect, it } from 'vitest';
import { pixelsAhead } from '../../../src/library/artifact/pixels-ahead.js';

/** Images of 1 px whose levels are their numbers. */
const levels = (indices: Int32Array): Uint8Array =>
  Uint8Array.from(Array.from(indices, (index) => [index, index, index]).flat());

const atOnce = (indices: Int32Array, into?: Uint8Array): Uint8Array => {
  const found = into ?? new Uint8Array(3 * indices.length);
  found.set(levels(indices));
  return found;
};
const later = async (indices: Int32Array, into?: Uint8Array): Promise<Uint8Array> =>
  atOnce(indices, into);

it.each([
  ['in memory', atOnce],
  ['from the disk', later],
] as const)(
  'reads what steps see %s into the same memory, which holds while a step runs',
  async (_, fetch) => {
    const seenBy = (step: number) => Int32Array.of(step, step + 10);
    const pixels = pixelsAhead({ size: 1, fetch, pixels: levels }, seenBy);
    const rooms = new Set<unknown>();
    let fetched = pixels.fetch(0);
    for (let step = 0; step < 6; step++) {
      await fetched;
      fetched = pixels.fetch(step + 1);
      const seen = pixels.of(step);
      rooms.add(seen.buffer);
      await fetched;
      expect(seen).toEqual(levels(seenBy(step)));
    }
    expect(rooms.size).toBe(2);
    // Of a step that was not fetched.
    expect(pixels.of(9)).toEqual(levels(seenBy(9)));
  },
);

it('takes more memory where a step sees more', async () => {
  const seenBy = (step: number) => Int32Array.from({ length: 1 + step }, (_, at) => at);
  const pixels = pixelsAhead({ size: 1, fetch: atOnce, pixels: levels }, seenBy);
  for (const step of [0, 2, 1, 4]) {
    await pixels.fetch(step);
    expect(pixels.of(step)).toEqual(levels(seenBy(step)));
  }
});
