import { asScalar, asVector } from '../as-rank.js';
import { collectGarbage } from '../collect-garbage.js';
import { type Compiled, compile } from '../compile/compile.js';
import type { Precision } from '../compile/mixed-precision.js';
import { type NamedTensors, pick, prefixed, under } from '../named-tensors.js';
import type { tf } from '../tf.js';
import { eagerStepper } from './eager-stepper.js';
import { numbersOf, type Stepper } from './stepper.js';
import {
  type Fed,
  type StepRules,
  stateOf,
  type TrainingState,
  tensorsByName,
  trainStep,
} from './train-step.js';

/**
 * Steps that are one native call each, with the state in native variables. The first step compiles,
 * with what it is fed as the example of all that follow. Owns `start`.
 * @throws SspError `cannot-compile`.
 */
export function compiledStepper(
  rules: StepRules,
  start: TrainingState,
  { precision }: { readonly precision: Precision },
): Stepper {
  let compiled: Compiled<'step'> | undefined;
  const first = eagerStepper(rules, start);
  const begin = (inputs: NamedTensors): Compiled<'step'> => {
    const entry = { inputs, step: entryOf(rules) };
    const result = compile({ step: entry }, tensorsByName(start), { precision });
    first.dispose();
    // The start's arrays, of which the variables are copies.
    collectGarbage();
    return result;
  };
  return {
    step({ inputs, at }) {
      const fed = { ...prefixed(inputs, 'inputs'), ...prefixed(at, 'at') };
      compiled ??= begin(fed);
      const outputs = compiled.call('step', fed);
      return numbersOf(under(outputs, 'watched'), pick(outputs, 'norms'));
    },
    state: () => (compiled === undefined ? first.state() : stateOf(compiled.state())),
    dispose: () => (compiled ?? first).dispose(),
  };
}

function entryOf(
  rules: StepRules,
): (state: NamedTensors, fed: NamedTensors) => { state: NamedTensors; outputs: NamedTensors } {
  return (state, fed) => {
    const { next, loss, watch, norms } = trainStep(rules, stateOf(state), fedOf(fed));
    const outputs = { ...prefixed({ loss, ...watch }, 'watched'), norms };
    return { state: tensorsByName(next), outputs };
  };
}

function fedOf(fed: NamedTensors): Fed {
  const number = (name: string): tf.Scalar => asScalar(pick(fed, `at.${name}`));
  return {
    inputs: under(fed, 'inputs'),
    at: {
      scale: number('scale'),
      step: number('step'),
      progress: number('progress'),
      seed: asVector(pick(fed, 'at.seed')),
    },
  };
}
