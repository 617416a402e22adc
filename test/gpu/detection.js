// The part of the study that trains and tests detectors: in both precisions, and with each kind of batch norm.

export const detection = [
  'import std.detect.detect',
  'train of_boxes = random_init(resnet18(width: 8, stem: "small-half"))',
  'axis boxed = {batch: "batch", frozen: "frozen"}',
  'evaluate boxes = detect(of_boxes, on: images, anchors: [8px, 16px], roi: 4, anchor_samples: 16, box_samples: 8, proposals: 10, norm: boxed, head_norm: match boxed {batch: true, frozen: false}, precision, epochs: 1, batch: 8)',
];
