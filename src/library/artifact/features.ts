import { SspError } from '../../base/errors.js';
import type { StageContext } from '../stage.js';
import { type Encoder, embedItems } from './encoder.js';
import type { Images } from './images.js';

/**
 * Features (m, d) of the images at `indices`, by a frozen encoder.
 * @throws SspError `bad-features` when one is not a finite number.
 */
export function featuresOf(encoder: Encoder, images: Images, indices: Int32Array): Float32Array {
  const features = embedItems(encoder, images, indices);
  const wrong = features.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return features;
  const { name } = images.item(indices[Math.floor(wrong / encoder.features)] ?? 0);
  throw new SspError(
    'bad-features',
    `the encoder gives ${features[wrong]} as feature ${wrong % encoder.features} of image ${JSON.stringify(name)}`,
    { help: 'Its weights are too large for float32: look at the loss of its training.' },
  );
}

/** Remarks that the features (n, d) do not tell images apart. */
export function remarkCollapse(
  features: Float32Array,
  d: number,
  split: string,
  { remark }: Pick<StageContext<unknown>, 'remark'>,
): void {
  const n = features.length / d;
  if (n < 2 || features.some((value, i) => i >= d && value !== features[i % d])) return;
  remark(`all ${n} images of split \`${split}\` have the same features: the encoder has collapsed`);
}
