import { expect, it } from 'vitest';
import { cutPatches } from '../../../src/library/artifact/cut-patches.js';

const vit = { describe: 'std.backbone.vit_ti', version: 1, args: { patch: 8, image: 32 } };

it('says that views are no whole number of patches, and nothing of other networks', () => {
  expect(cutPatches(vit, [32, 32, 12, 12])).toBe(
    "a view of 12 px is no whole number of `vit_ti`'s patches of 8 px: the network does not see its last 4 px at the right and below",
  );
  expect(cutPatches(vit, [32, 16])).toBeUndefined();
  expect(cutPatches({ ...vit, describe: 'own' }, [12])).toBeUndefined();
  expect(cutPatches(undefined, [12])).toBeUndefined();
});
