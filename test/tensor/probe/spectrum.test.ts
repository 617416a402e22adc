import { beforeAll, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/tensor/load.js';
import { nativeBackend } from '../../../src/tensor/native.js';
import { alphaReq, effectiveRank, rankMe, spectraOf } from '../../../src/tensor/probe/spectrum.js';
import { expectClosePlain } from '../parity.js';
import { flat, measures } from './measures.js';

beforeAll(() => {
  loadTensorFlow({ threads: 2 });
});

it('finds what NumPy, SciPy and the code of α-ReQ find, of tall features and of wide ones', () => {
  const native = () => nativeBackend().binding.getNumOfTensors();
  const before = native();
  for (const { x, ...theirs } of [{ x: measures.x, ...measures.spectrum }, measures.wide]) {
    const { plain, centred } = spectraOf(flat(x), 20);
    expect(plain).toHaveLength(Math.min(x.length, 20));
    expectClosePlain('RankMe', [rankMe(plain)], [theirs.rankMe], 5e-6);
    expectClosePlain('effective rank', [effectiveRank(centred)], [theirs.effectiveRank], 5e-6);
    const slope = alphaReq(centred, theirs.first, theirs.last);
    expectClosePlain('α-ReQ', [slope], [theirs.alpha], 5e-5);
  }
  expect(native()).toBe(before);
});

it('knows the rank of features of one dimension, and of equal ones in all', () => {
  const line = Float32Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) * ((i % 3) + 1));
  expect(effectiveRank(spectraOf(line, 3).centred)).toBeCloseTo(1, 4);
  const cross = Float32Array.from([1, 0, -1, 0, 0, 1, 0, -1]);
  expect(effectiveRank(spectraOf(cross, 2).centred)).toBeCloseTo(2, 6);
});
