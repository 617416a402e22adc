import { expect, it } from 'vitest';
import { run as semantic } from '../../../src/library/pairs/semantic_pairs.js';
import { contextOf, imagesOf } from '../synthetic.js';

it('names the shortage of more classes than a call takes arguments', async () => {
  const classes = 130_000;
  const source = imagesOf(
    Array.from({ length: classes }, (_, at) => ({
      split: 'train',
      class: `class ${at}`,
      pixels: [7],
    })),
  );
  const asked = { source, list: null, per_class: 2, reuse: null, split: 'train', seed: 0 };
  for (const reuse of [null, 1]) {
    await expect(semantic(contextOf({ ...asked, reuse }))).rejects.toThrow(
      '130000 of 130000 classes have fewer than 2',
    );
  }
}, 60_000);
