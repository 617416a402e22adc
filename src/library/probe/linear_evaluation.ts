import {
  type ClassifierProtocol,
  evaluateClassifier,
  type PreparedClassifier,
  prepareClassifier,
} from '../evaluate-classifier.js';
import { implement } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext } from '../stage.js';

/** A linear layer on a frozen encoder, from images that change: see `std.probe.linear_evaluation`. */
export const run = implement('std.probe.linear_evaluation', (context) =>
  evaluateClassifier(context, protocol),
);

/** What it trains, when TensorFlow is there. */
export const training = (
  context: StageContext<Signatures['stages']['std.probe.linear_evaluation']>,
): PreparedClassifier => prepareClassifier(context, protocol);

const protocol: ClassifierProtocol = {
  frozen: true,
  share: 1,
  headRate: null,
  precision: 'fp32',
};
