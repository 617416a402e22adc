import { expect, it } from 'vitest';
import { resnetWork, vitWork } from '../../../src/tensor/networks/network-work.js';
import { resnets, vits } from '../../../src/tensor/networks/shapes.js';

const residual = (
  name: keyof typeof resnets,
  size: number,
  stem: 'imagenet' | 'small' = 'imagenet',
) => resnetWork({ ...resnets[name], width: 64, stem }, size);
const transformer = (name: keyof typeof vits, size = 224) =>
  vitWork({ ...vits[name], patch: 16, image: 224 }, size);

// Of torchvision's documentation of its models (GFLOPS, Params), and for DeiT's of arXiv:2012.12877, table 1;
// less the layer of 1,000 classes, which is not here.
it.each([
  ['ResNet-18', residual('resnet18', 224), 1.81, 11_689_512],
  ['ResNet-34', residual('resnet34', 224), 3.66, 21_797_672],
  ['ResNet-50', residual('resnet50', 224), 4.09, 25_557_032],
  ['ViT-Ti/16', transformer('vit_ti'), 1.26, 5_717_416],
  ['ViT-S/16', transformer('vit_s'), 4.61, 22_050_664],
  ['ViT-B/16', transformer('vit_b'), 17.56, 86_567_656],
])(
  'counts multiplications and weights of %s',
  (_, { multiplyAdds, weights, features }, giga, all) => {
    expect((multiplyAdds + 1000 * features) / 1e9).toBeCloseTo(giga, 1);
    expect(weights).toBe(all - 1000 * (features + 1));
  },
);

it('counts smaller images and another stem', () => {
  const { multiplyAdds } = residual('resnet50', 64);
  expect(multiplyAdds / residual('resnet50', 224).multiplyAdds).toBeCloseTo((64 / 224) ** 2, 3);
  // At full size where the other is at a quarter.
  expect(residual('resnet50', 64, 'small').multiplyAdds / multiplyAdds).toBeCloseTo(16, 0);
  expect(transformer('vit_s', 112).weights).toBe(transformer('vit_s').weights);
});
