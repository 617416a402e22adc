import { invariant, SspError } from '../../base/errors.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { nativeBackend } from '../native.js';
import { tf } from '../tf.js';
import { type GraphNode, type Ref, reachable } from './graph.js';
import { inOrder } from './in-order.js';
import { launchesOf } from './launches.js';
import { type Precision, withPrecision } from './mixed-precision.js';
import { withQuickConvolutions } from './quick-convolutions.js';
import { checkSameGraph } from './same-graph.js';
import { openSession, type Session } from './session.js';
import { withSharedKernels } from './shared-kernels.js';
import { createStandIns, type StandIns } from './stand-ins.js';
import { kindOf } from './tensor-kind.js';
import { type Entry, type TracedEntry, traceEntry } from './trace-entry.js';
import { declareVariables, type Variables } from './variables.js';

/** Steps that share one state, which lives in TensorFlow. */
export interface Compiled<Name extends string> {
  /** Runs one step as one native call. The caller owns the outputs. @throws Bug on inputs of another name, shape or type. */
  call(entry: Name, inputs: NamedTensors): NamedTensors;
  /** The state as it is now: later calls do not change these tensors. The caller owns them. */
  state(): NamedTensors;
  /** Replaces the whole state; the tensors stay the caller's. */
  set(state: NamedTensors): void;
  /** Frees the graph and its state. */
  dispose(): void;
  /** Nodes of all steps that start work on a GPU, by their op: see {@link launchesOf}. */
  readonly launches: ReadonlyMap<string, number>;
}

/**
 * Makes one native graph of pure steps written in plain TensorFlow.js (autodiff, custom gradients
 * and native ops included); the state becomes variables of the graph. Each step is run twice
 * (large results are not computed), to write down its native calls and to see that they are the same
 * both times; `state` and the
 * example inputs stay the caller's and are not changed.
 *
 * What would hold for the traced run alone is an error, never burnt in: values read on the host,
 * numbers that JavaScript draws, stateful random ops, tensors from outside, shapes that depend on
 * values, state that comes back with another shape or type. Arithmetic may be reordered: results
 * differ from the eager step's by rounding. `precision` (default: fp32) is that of the regions that
 * `inMixedRegion` marks.
 * @throws SspError `cannot-compile` that names the op and where it was called.
 */
export function compile<Name extends string>(
  entries: Readonly<Partial<Record<Name, Entry>>>,
  state: NamedTensors,
  { precision = 'fp32' }: { readonly precision?: Precision } = {},
): Compiled<Name> {
  const variables = declareVariables(state);
  const { session, traced, launches } = sessionOf(entries, state, variables, precision);
  const set = (values: NamedTensors): void => {
    tf.dispose(session.run(variables.feeds(values), [variables.assigned]));
  };
  set(state);
  return {
    launches,
    set,
    dispose: () => session.dispose(),
    state: () => named(variables.names, session.run([], variables.values)),
    call(name, inputs) {
      const entry = traced.get(name);
      invariant(entry !== undefined, `nothing was compiled as ${name}`);
      const given = Object.keys(inputs).length;
      invariant(
        given === entry.inputs.size,
        `${name} takes ${entry.inputs.size} inputs, not ${given}`,
      );
      const feeds = [...entry.inputs].map(([key, { ref, like }]) => {
        const tensor = pick(inputs, key);
        const found = kindOf(tensor);
        invariant(
          found === like,
          `input ${key} of ${name} is ${found}, but was compiled as ${like}`,
        );
        return [ref, tensor] as const;
      });
      const { outputs, done } = entry;
      if (outputs.size > 0)
        return named([...outputs.keys()], session.run(feeds, [...outputs.values()]));
      tf.dispose(session.run(feeds, [done]));
      return {};
    },
  };
}

/** The graph of all steps, in TensorFlow. What stays with the steps remembers none of its nodes, which are many. */
function sessionOf<Name extends string>(
  entries: Readonly<Partial<Record<Name, Entry>>>,
  state: NamedTensors,
  variables: Variables,
  precision: Precision,
): {
  readonly session: Session;
  readonly traced: ReadonlyMap<string, Omit<TracedEntry, 'graph'>>;
  readonly launches: ReadonlyMap<string, number>;
} {
  const traced = new Map<string, Omit<TracedEntry, 'graph'>>();
  const nodes = new Map(variables.graph.nodes);
  const onGpu: GraphNode[] = [];
  const roots: Ref[] = [...variables.values, variables.assigned];
  Object.entries<Entry | undefined>(entries).forEach(([name, entry], index) => {
    if (entry === undefined) return;
    const prefix = `e${index}/`;
    const { graph, ...signature } = tracedTwice((standIns) =>
      traceEntry(prefix, entry, state, variables, standIns),
    );
    traced.set(name, signature);
    const typed = withPrecision(graph, precision, prefix);
    const sent = reachable(typed.nodes, [signature.done, ...signature.outputs.values()]);
    onGpu.push(...[...typed.nodes.values()].filter(({ name }) => sent.has(name)));
    // A GPU has kernels of its own.
    const precise = nativeBackend().isUsingGpuDevice
      ? typed
      : withQuickConvolutions(withSharedKernels(typed));
    const wanted = [signature.done, ...signature.outputs.values()];
    const needed = reachable(precise.nodes, wanted);
    for (const [key, node] of inOrder(precise, needed).nodes) {
      invariant(!nodes.has(key), `two steps have a node ${key}`);
      nodes.set(key, node);
    }
    // Unused inputs too: they are fed.
    roots.push(
      signature.done,
      ...signature.outputs.values(),
      ...[...signature.inputs.values()].map(({ ref }) => ref),
    );
  });
  const wanted = reachable(nodes, roots);
  const session = openSession([...nodes.values()].filter(({ name }) => wanted.has(name)));
  return { session, traced, launches: launchesOf(onGpu) };
}

/** A trace that a second one agrees with. */
function tracedTwice(traceOnce: (standIns?: StandIns) => TracedEntry): TracedEntry {
  const standIns = createStandIns();
  try {
    const first = traceOnce(standIns);
    checkSameGraph(first.graph, traceOnce(standIns).graph);
    return first;
  } catch (error) {
    if (error instanceof SspError) throw error;
    // An op may have refused a number that only stood in: take the true ones.
    const first = traceOnce();
    checkSameGraph(first.graph, traceOnce().graph);
    return first;
  } finally {
    standIns.dispose();
  }
}

function named(names: readonly string[], tensors: readonly tf.Tensor[]): NamedTensors {
  return Object.fromEntries(tensors.map((tensor, index) => [names[index] ?? '', tensor]));
}
