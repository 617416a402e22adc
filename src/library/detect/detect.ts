import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../base/errors.js';
import { loadTensorFlow } from '../../tensor/load.js';
import { train } from '../../tensor/train/train.js';
import { disposeReplaced } from '../../tensor/train/train-step.js';
import { remarkSchedule } from '../artifact/watch-training.js';
import { checkMade } from '../check-made.js';
import { implement } from '../implement.js';
import { detectAll } from './detect-all.js';
import { resultsOf } from './found-boxes.js';
import { judgeImages } from './judge-images.js';
import { countOf, vocMetrics } from './measure/voc.js';
import { prepareDetector } from './prepare-detector.js';
import { remarkClasses } from './remark-classes.js';
import { remarkSplits } from './remark-splits.js';
import { writeCurves } from './write-curves.js';
import { writeDetections } from './write-detections.js';
import { writePictures } from './write-pictures.js';

/** Faster R-CNN with C4 features: see `std.detect.detect`. */
export const run = implement('std.detect.detect', async (context) => {
  const { test, precision_of: of, epochs, precision } = context.params;
  checkMade(context);
  loadTensorFlow({ threads: context.threads });
  const { setting, training, facts } = prepareDetector(context);
  const { images, boxes } = setting;
  remarkSplits(images, context);
  remarkClasses(setting, context);
  const { perEpoch } = training;
  remarkSchedule(context, { steps: epochs * perEpoch, perEpoch });
  const { final, history, steps } = await train(training, {
    checkpoint: context.checkpoint,
    progress: ({ epochs: done, ...speed }) =>
      context.progress({ unit: 'epoch', done, total: epochs, ...speed }),
    log: context.log,
    remark: context.remark,
    telling: 'boxes',
    precision,
  });
  const asked = images.indicesOf(test);
  const found = detectAll(context, setting, final, asked);
  disposeReplaced(final);
  const results = resultsOf(boxes, asked, found);
  const { ap, ap50, ap75 } = vocMetrics(results, { of });
  invariant(ap !== null && ap50 !== null && ap75 !== null, 'no object counts');
  writeDetections(context.out, setting, asked, found);
  writeCurves(context.out, boxes.classes, results, { of }, asked.length);
  writePictures(context.out, setting, asked, judgeImages(boxes, asked, found));
  writeFileSync(join(context.out, 'history.json'), `${JSON.stringify({ rows: history })}\n`);
  const all = results.reduce((sum, { truths }) => sum + truths.length, 0);
  const objects = results.reduce((sum, of) => sum + countOf(of), 0);
  return {
    metrics: { ap50, ap, ap75 },
    facts: {
      ...facts,
      'images tested on': asked.length,
      'objects that count': objects,
      'difficult objects': all - objects,
      epochs,
      steps,
    },
    watched: { signs },
  };
});

/** What it trains, when TensorFlow is there. */
export const training = prepareDetector;

const signs = {
  loss: { what: 'mean loss of the epoch' },
  boxes: { what: 'part of the loss: boxes of the head' },
  box_classes: { what: 'part of the loss: classes of the head' },
  anchor_boxes: { what: 'part of the loss: boxes of the region proposal network' },
  anchor_classes: { what: 'part of the loss: objects or none, of the region proposal network' },
  lr: { what: 'learning rate of the last step of the epoch' },
};
