import {
  type ClassifierProtocol,
  evaluateClassifier,
  type PreparedClassifier,
  prepareClassifier,
} from '../evaluate-classifier.js';
import { implement } from '../implement.js';
import type { Signatures } from '../signatures.gen.js';
import type { StageContext } from '../stage.js';

type Params = Signatures['stages']['std.probe.fine_tune'];

/** A linear layer and the encoder below it: see `std.probe.fine_tune`. */
export const run = implement('std.probe.fine_tune', (context) =>
  evaluateClassifier(context, protocolOf(context.params)),
);

/** What it trains, when TensorFlow is there. */
export const training = (context: StageContext<Params>): PreparedClassifier =>
  prepareClassifier(context, protocolOf(context.params));

const protocolOf = ({ share, head_lr: headRate, precision }: Params): ClassifierProtocol => ({
  frozen: false,
  share,
  headRate,
  precision,
});
