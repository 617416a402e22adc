import { SspError } from '../../base/errors.js';
import { withNormBehind } from '../../tensor/detect/changed-parts.js';
import type { Training } from '../../tensor/train/training.js';
import { openBoxes } from '../artifact/boxes.js';
import { readDescription } from '../artifact/encoder-description.js';
import { openImages } from '../artifact/images.js';
import type { Facts } from '../stage.js';
import { boxedAt, type DetectContext, type Setting } from './setting.js';
import { trainingOf } from './train-detector.js';

/** What such a stage trains, when TensorFlow is there. */
export interface PreparedDetector {
  readonly setting: Setting;
  readonly training: Training;
  readonly facts: Facts;
}

/** Opens what a detector is trained on. @throws SspError `no-boxes`, `no-objects`, `no-anchors` and others. */
export function prepareDetector(context: DetectContext): PreparedDetector {
  const { on, encoder, test, anchors, roi, norm, head_norm: isNormed } = context.params;
  if (anchors.length === 0) throw noAnchors();
  if (isNormed && norm === 'frozen') throw frozenHead();
  const images = openImages(on);
  const boxes = openBoxes(on, images);
  const counts = (index: number): boolean =>
    boxedAt(boxes, index).objects.some(({ difficult }) => !difficult);
  // Before a training, so that nothing is trained in vain.
  if (!images.indicesOf(test).some(counts)) throw noObjects(test);
  const { parts } = encoder.backbone;
  if (parts === undefined) throw noParts();
  const setting = {
    images,
    boxes,
    parts: isNormed ? withNormBehind(parts) : parts,
    shape: {
      classes: boxes.classes.length,
      sizes: anchors,
      ratios: [0.5, 1, 2],
      roi,
      beta: 0,
    },
    normalise: readDescription(encoder.file('encoder.json')).input.normalise,
  };
  return { setting, ...trainingOf(context, setting) };
}

const noAnchors = (): SspError =>
  new SspError('no-anchors', 'the list `anchors` is empty', {
    help: 'Give one size at least, such as `anchors: [32px]`: boxes are found by the anchors near them.',
  });

const frozenHead = (): SspError =>
  new SspError(
    'frozen-norm',
    '`head_norm` is true and `norm` is "frozen": the batch norm behind the last stage is new, and has no statistics to keep',
    { help: 'Leave `head_norm` out, or give `norm: "batch"`.' },
  );

const noParts = (): SspError =>
  new SspError('no-parts', 'the encoder is of a network that cannot be taken apart', {
    help: 'A detector takes all stages but the last, and the last: take a ResNet.',
  });

const noObjects = (split: string): SspError =>
  new SspError('no-objects', `split \`${split}\` has no object that counts`, {
    help: 'Difficult objects do not count: take a split that has others.',
  });
