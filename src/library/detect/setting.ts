import type { DetectorShape } from '../../tensor/detect/faster-rcnn.js';
import type { Proposing } from '../../tensor/detect/proposals.js';
import type { NetworkParts } from '../../tensor/networks/resnet.js';
import type { BoxedImage, Boxes } from '../artifact/boxes.js';
import type { Images } from '../artifact/images.js';
import type { Signatures } from '../signatures.gen.js';
import type { Augmentation, StageContext } from '../stage.js';

export type DetectParams = Signatures['stages']['std.detect.detect'];
export type DetectContext = StageContext<DetectParams>;

/** What training and test go by. */
export interface Setting {
  readonly images: Images;
  readonly boxes: Boxes;
  readonly parts: NetworkParts;
  readonly shape: DetectorShape;
  readonly normalise: Augmentation['normalise'];
}

/** The first number of boxes with the highest scores, and the second of those that are left of them. */
export const proposing = (before: number, after: number): Proposing => ({
  before,
  after,
  overlap: 0.7,
  leastSide: 1e-3,
});

export const boxedAt = (boxes: Boxes, index: number): BoxedImage =>
  boxes.images[index] ?? { width: 1, height: 1, place: [0, 0, 1, 1], objects: [] };

/** The splits that a detector is trained on. */
export const splitsLearnt = ({ train, more }: DetectParams): readonly string[] =>
  more === null || more === train ? [train] : [train, more];
