import { evaluateClassifier } from '../evaluate-classifier.js';
import { implement } from '../implement.js';

/** A linear layer on a frozen encoder, from images that change: see `std.probe.linear_evaluation`. */
export const run = implement('std.probe.linear_evaluation', (context) =>
  evaluateClassifier(context, { frozen: true, share: 1, headRate: null, precision: 'fp32' }),
);
