import { readSafetensors } from '../../base/files/safetensors.js';
import type { Normalise } from '../../tensor/views/augmentation.js';
import { imagenetNormalise } from '../../tensor/views/pipeline-view.js';
import type { EncoderArtifact } from '../stage.js';
import { readDescription } from './encoder-description.js';

/**
 * What has to be said of a training that goes on from `init` with views that normalise images
 * otherwise than its weights are used to; nothing where they agree to a hundredth, or where the
 * weights are used to nothing yet.
 */
export function otherNormalisation(init: EncoderArtifact, views: Normalise): string | undefined {
  const { normalise } = readDescription(init.file('encoder.json')).input;
  if (alike(normalise, views)) return undefined;
  if (alike(normalise, nothing) && isFresh(init)) return undefined;
  return `the encoder of \`init\` is used to images ${told(normalise)}, and the views give them ${told(views)}: with views that normalise alike it keeps more of what it knows`;
}

const nothing: Normalise = { mean: [0, 0, 0], std: [1, 1, 1] };

function alike(a: Normalise, b: Normalise): boolean {
  const near = (left: readonly number[], right: readonly number[]): boolean =>
    left.every((value, channel) => Math.abs(value - (right[channel] ?? Number.NaN)) <= 0.01);
  return near(a.mean, b.mean) && near(a.std, b.std);
}

function told(normalise: Normalise): string {
  if (alike(normalise, nothing)) return 'that are not normalised (0 to 1)';
  if (alike(normalise, imagenetNormalise)) return "that are normalised as ImageNet's";
  return `of which ${normalise.mean.join(', ')} is subtracted and that are divided by ${normalise.std.join(', ')}`;
}

/** As it was initialised: scales, shifts and statistics are then one number throughout. */
function isFresh(init: EncoderArtifact): boolean {
  const { tensors } = readSafetensors(init.file('encoder.safetensors'), 'encoder.safetensors');
  return Object.values(tensors)
    .filter(({ shape }) => shape.length === 1)
    .every(({ data }) => data.every((value) => value === data[0]));
}
