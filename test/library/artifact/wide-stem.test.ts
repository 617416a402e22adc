import { expect, it } from 'vitest';
import { wideStem } from '../../../src/library/artifact/wide-stem.js';

const of = (stem: string) => ({
  describe: 'std.backbone.resnet18',
  version: 1,
  args: { width: 64, stem, zero_init_residual: false },
});

it('says that small images go through the stem for ImageNet, and nothing else', () => {
  expect(wideStem(of('imagenet'), 32)).toBe(
    'the stem of `resnet18` is ImageNet\'s: of a view of 32 px its last stage sees 1 x 1 places; `stem: "small"` is made for images of up to 32 px',
  );
  expect(wideStem(of('imagenet'), 33)).toBeUndefined();
  expect(wideStem(of('small'), 32)).toBeUndefined();
  expect(wideStem({ describe: 'std.backbone.vit_ti', version: 1, args: {} }, 32)).toBeUndefined();
  // A network of one's own may call anything a stem.
  expect(wideStem({ ...of('imagenet'), describe: 'own' }, 32)).toBeUndefined();
  expect(wideStem(undefined, 32)).toBeUndefined();
});
