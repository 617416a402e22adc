import type { NamedTensors } from '../named-tensors.js';
import { attr, tfType } from '../native.js';
import { tf } from '../tf.js';
import { createGraph, type Graph, ownMemory, type Ref } from './graph.js';
import type { StandIns } from './stand-ins.js';
import { kindOf, typeAttr } from './tensor-kind.js';
import { type TraceScope, trace } from './trace.js';
import type { Variables } from './variables.js';

/** One thing that a compiled program can do with its state. */
export interface Entry {
  /** Pure: from state and inputs to the changed entries of state, and outputs. Runs when compiled, then never again. */
  step(state: NamedTensors, inputs: NamedTensors): StepOutcome;
  /** Inputs to trace with; their names, shapes and element types stay. */
  readonly inputs: NamedTensors;
}

export interface StepOutcome {
  readonly state?: NamedTensors;
  readonly outputs: NamedTensors;
}

/** What an entry became: its graph, and the nodes to feed and to fetch by name. */
export interface TracedEntry {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, { readonly ref: Ref; readonly like: string }>;
  readonly outputs: ReadonlyMap<string, Ref>;
  /** To fetch where there is no output. */
  readonly done: Ref;
}

/** Runs a step once and writes it down; `prefix` begins the names of its nodes. @throws SspError `cannot-compile`. */
export function traceEntry(
  prefix: string,
  entry: Entry,
  state: NamedTensors,
  variables: Variables,
  standIns?: StandIns,
): TracedEntry {
  const graph = createGraph(prefix);
  const inputs = new Map<string, { ref: Ref; like: string }>();
  const outputs = new Map<string, Ref>();
  const done = `${prefix}done`;
  const record = ({ given, refOf }: TraceScope): void => {
    const fed: Record<string, tf.Tensor> = {};
    const values: Record<string, tf.Tensor> = {};
    for (const [name, tensor] of Object.entries(entry.inputs)) {
      const attrs = { dtype: typeAttr(tensor, `input ${name}`), shape: attr.shape(tensor.shape) };
      const ref = graph.add('Placeholder', [], attrs, { name: `${prefix}in${inputs.size}` });
      inputs.set(name, { ref, like: kindOf(tensor) });
      fed[name] = given(tensor, ref);
    }
    for (const [name, tensor] of Object.entries(state)) {
      values[name] = given(tensor, variables.read(name));
    }
    const outcome = entry.step(values, fed);
    const assigned = Object.entries(outcome.state ?? {}).flatMap(([name, tensor]) =>
      variables.assign(graph, name, { tensor, ref: refOf(tensor) }),
    );
    // Whoever fetches an output waits for the new state.
    const after = assigned.map((ref) => `^${ref}`);
    const one = graph.constant({ dtype: tfType.float32, shape: [], values: Float32Array.of(1) });
    graph.add('Identity', [one, ...after], { T: attr.type('float32') }, { name: done });
    for (const [name, tensor] of Object.entries(outcome.outputs)) {
      const type = typeAttr(tensor, `output ${name}`);
      const value = ownMemory(graph, refOf(tensor), type);
      const options = { name: `${prefix}out${outputs.size}` };
      outputs.set(name, graph.add('Identity', [value, ...after], { T: type }, options));
    }
  };
  trace(graph, (scope) => tf.tidy(() => record(scope)), standIns);
  return { graph, inputs, outputs, done };
}
