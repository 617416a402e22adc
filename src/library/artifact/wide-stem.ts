import type { Json } from '../../base/canonical.js';
import type { EncoderArtifact, StageContext } from '../stage.js';
import { type Network, networkIn, readDescription } from './encoder-description.js';

/** Images of so many pixels a side, and smaller ones, get a small stem in google-research/simclr@383d414 tf2/resnet.py. */
const small = 32;

/**
 * Says that the stem of a ResNet is ImageNet's and its images are small, which costs many points: the stock network on
 * CIFAR-10. `backbone` is as it stands in a key, `size` that of the first view.
 */
export function wideStem(backbone: Json | undefined, size: number): string | undefined {
  return foundIn(networkIn(backbone), 'a view', size);
}

/**
 * Remarks the same of an encoder that sees images or views of `size`, if none of this study's trainings has seen such
 * and remarked it.
 */
export function remarkWideStem(
  encoder: EncoderArtifact,
  what: 'an image' | 'a view',
  size: number,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const description = readDescription(encoder.file('encoder.json'));
  const { steps = 0, input } = description;
  if (steps > 0 && input.size === size) return;
  const found = foundIn(description, what, size);
  if (found === undefined) return;
  const enlarged =
    what === 'an image'
      ? ', and for weights of larger ones images are resized by `size`, as in `pretrained(…, size: 224px)`'
      : '';
  remark(`${found}${enlarged}`);
}

function foundIn(network: Network | undefined, what: string, size: number): string | undefined {
  if (size > small || network === undefined || network.module !== undefined) return undefined;
  const { network: name, arguments: given } = network;
  if (!name.startsWith('resnet') || given.stem !== 'imagenet') return undefined;
  const left = Math.ceil(size / small);
  return `the stem of \`${name}\` is ImageNet's: of ${what} of ${size} px its last stage sees ${left} x ${left} places; \`stem: "small"\` is made for images of up to ${small} px`;
}
