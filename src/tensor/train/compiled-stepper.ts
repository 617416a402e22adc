import { asScalar, asVector } from '../as-rank.js';
import { collectGarbage } from '../collect-garbage.js';
import { type Compiled, compile } from '../compile/compile.js';
import type { Precision } from '../compile/mixed-precision.js';
import type { Entry } from '../compile/trace-entry.js';
import { type NamedTensors, pick, prefixed, under } from '../named-tensors.js';
import type { tf } from '../tf.js';
import { eagerStepper } from './eager-stepper.js';
import type { Moment } from './moment.js';
import { numbersOf, type Stepper } from './stepper.js';
import {
  beginStep,
  type Fed,
  observeStep,
  type StepRules,
  stateOf,
  type TrainingState,
  tensorsByName,
  trainStep,
} from './train-step.js';

type EntryName = 'step' | 'begin' | 'observe';

/** Steps that are one graph each. */
export interface CompiledStepper extends Stepper {
  /** What the graphs start on a device (see compile/launches.ts), once they are there. */
  launches(): ReadonlyMap<string, number> | undefined;
}

/**
 * Steps that are one native call each, with the state in native variables. The first call compiles,
 * with what it is fed as the example of all that follow. Owns `start`.
 * @throws SspError `cannot-compile`.
 */
export function compiledStepper(
  rules: StepRules,
  start: TrainingState,
  { precision }: { readonly precision: Precision },
): CompiledStepper {
  let compiled: Compiled<EntryName> | undefined;
  const first = eagerStepper(rules, start);
  const compileFor = (fed: Fed): Compiled<EntryName> => {
    const result = compile(entriesOf(rules, fed), tensorsByName(start), { precision });
    first.dispose();
    // The start's arrays, of which the variables are copies.
    collectGarbage();
    return result;
  };
  const call = (entry: EntryName, fed: Fed): NamedTensors => {
    compiled ??= compileFor(fed);
    return compiled.call(entry, entry === 'begin' ? prefixed(fed.at, 'at') : named(fed));
  };
  return {
    begin(fed) {
      if (rules.begin) call('begin', fed);
    },
    observe(fed) {
      if (rules.observe) call('observe', fed);
    },
    step(fed) {
      const outputs = call('step', fed);
      return numbersOf(under(outputs, 'watched'), pick(outputs, 'norms'));
    },
    state: () => (compiled === undefined ? first.state() : stateOf(compiled.state())),
    launches: () => compiled?.launches,
    dispose: () => (compiled ?? first).dispose(),
  };
}

/** What a training does with its state, by its rules. */
function entriesOf(rules: StepRules, example: Fed): Partial<Record<EntryName, Entry>> {
  const inputs = named(example);
  const becomes = (next: TrainingState) => ({ state: tensorsByName(next), outputs: {} });
  return {
    step: {
      inputs,
      step(state, fed) {
        const { next, loss, watch, norms } = trainStep(rules, stateOf(state), fedOf(fed));
        const outputs = { ...prefixed({ loss, ...watch }, 'watched'), norms };
        return { state: tensorsByName(next), outputs };
      },
    },
    ...(rules.begin && {
      begin: {
        inputs: prefixed(example.at, 'at'),
        step: (state, fed) => becomes(beginStep(rules, stateOf(state), momentIn(fed))),
      },
    }),
    ...(rules.observe && {
      observe: {
        inputs,
        step: (state, fed) => becomes(observeStep(rules, stateOf(state), fedOf(fed))),
      },
    }),
  };
}

const named = ({ inputs, at }: Fed): NamedTensors => ({
  ...prefixed(inputs, 'inputs'),
  ...prefixed(at, 'at'),
});

const fedOf = (fed: NamedTensors): Fed => ({ inputs: under(fed, 'inputs'), at: momentIn(fed) });

function momentIn(fed: NamedTensors): Moment {
  const number = (name: string): tf.Scalar => asScalar(pick(fed, `at.${name}`));
  return {
    step: number('step'),
    epoch: number('epoch'),
    progress: number('progress'),
    scale: number('scale'),
    seed: asVector(pick(fed, 'at.seed')),
  };
}
