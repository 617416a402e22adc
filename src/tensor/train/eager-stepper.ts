import { tf } from '../tf.js';
import { numbersOf, type Stepper } from './stepper.js';
import {
  beginStep,
  disposeReplaced,
  observeStep,
  type StepRules,
  stateOf,
  type TrainingState,
  tensorsByName,
  trainStep,
} from './train-step.js';

/** Steps that run each op on its own, for finding errors and for comparison. Owns `start`. */
export function eagerStepper(rules: StepRules, start: TrainingState): Stepper {
  let now = start;
  const move = (next: TrainingState): void => {
    disposeReplaced(now, next);
    now = next;
  };
  return {
    begin: ({ at }) => move(beginStep(rules, now, at)),
    observe: (fed) => move(observeStep(rules, now, fed)),
    step(fed) {
      const { next, loss, watch, norms } = trainStep(rules, now, fed);
      move(next);
      return numbersOf({ loss, ...watch }, norms);
    },
    state() {
      const tensors = Object.entries(tensorsByName(now));
      return stateOf(Object.fromEntries(tensors.map(([name, t]) => [name, tf.clone(t)])));
    },
    dispose: () => disposeReplaced(now),
  };
}
