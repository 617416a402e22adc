import { invariant } from '../../base/errors.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { attr, tfType } from '../native.js';
import type { tf } from '../tf.js';
import { cannotCompile } from './cannot-compile.js';
import { createGraph, type Graph, nodeOf, ownMemory, type Ref } from './graph.js';
import { kindOf, typeAttr } from './tensor-kind.js';

/** The state of a compiled program, as native variables. */
export interface Variables {
  readonly graph: Graph;
  readonly names: readonly string[];
  /** To fetch: the values, in the order of the names. */
  readonly values: readonly Ref[];
  /** To fetch: sets all variables to what was fed. */
  readonly assigned: Ref;
  /** What {@link assigned} needs. @throws Bug on another name, shape or type. */
  feeds(values: NamedTensors): readonly (readonly [Ref, tf.Tensor])[];
  /** The node that reads a variable. */
  read(name: string): Ref;
  /**
   * Adds to a step's graph that a variable becomes what `next` names; nodes that outputs wait for.
   * @throws SspError `cannot-compile` on another name, shape or type.
   */
  assign(
    graph: Graph,
    name: string,
    next: { readonly tensor: tf.Tensor; readonly ref: Ref },
  ): Ref[];
}

/** Variables with the names, shapes and types of `state`; they have no values yet. */
export function declareVariables(state: NamedTensors): Variables {
  const graph = createGraph('s/');
  const names = Object.keys(state);
  const kinds = new Map(names.map((name) => [name, kindOf(pick(state, name))]));
  const numberOf = new Map(names.map((name, index) => [name, index]));
  const node = (kind: string, name: string): Ref => {
    const number = numberOf.get(name);
    invariant(number !== undefined, `there is no state ${name}`);
    return `s/${kind}${number}`;
  };
  for (const name of names) declare(graph, pick(state, name), (kind) => node(kind, name), name);
  const one = graph.constant({ dtype: tfType.float32, shape: [], values: Float32Array.of(1) });
  const orders = names.map((name) => `^${node('set', name)}`);
  const assigned = graph.add('Identity', [one, ...orders], { T: attr.type('float32') });
  return {
    graph,
    names,
    assigned,
    values: names.map((name) => node('value', name)),
    read: (name) => node('read', name),
    feeds(values) {
      const given = Object.keys(values).length;
      invariant(given === names.length, `the state has ${names.length} tensors, not ${given}`);
      return names.map((name) => {
        const tensor = pick(values, name);
        const [found, like] = [kindOf(tensor), kinds.get(name)];
        invariant(found === like, `state ${name} is ${found}, but was compiled as ${like}`);
        return [node('feed', name), tensor] as const;
      });
    },
    assign(target, name, { tensor, ref }) {
      const like = kinds.get(name);
      const site = target.nodes.get(nodeOf(ref))?.site;
      if (like === undefined) {
        throw cannotCompile(`a step returns state ${name}, which it was not given`, {
          site,
          help: 'Put it into the state at the start.',
        });
      }
      const found = kindOf(tensor);
      if (found !== like) {
        const op = target.nodes.get(nodeOf(ref))?.op ?? 'an input';
        throw cannotCompile(`state ${name} is ${like}, but comes back as ${found} from ${op}`, {
          site,
          help: 'The next state has the shapes and element types of the state; tf.add(int32, 1) is float32: add tf.scalar(1, "int32").',
        });
      }
      const read = node('read', name);
      if (ref === read) return [];
      const dtype = typeAttr(tensor, `state ${name}`);
      const value = ownMemory(target, ref, dtype);
      // Whoever reads the old value has read it before.
      const inputs = [node('variable', name), value, `^${read}`];
      return [target.add('AssignVariableOp', inputs, { dtype })];
    },
  };
}

function declare(
  graph: Graph,
  tensor: tf.Tensor,
  node: (kind: string) => Ref,
  label: string,
): void {
  const dtype = typeAttr(tensor, `state ${label}`);
  const shape = attr.shape(tensor.shape);
  const add = (op: string, kind: string, inputs: Ref[], attrs: Parameters<Graph['add']>[2]): Ref =>
    graph.add(op, inputs, attrs, { name: node(kind) });
  const variable = add('VarHandleOp', 'variable', [], {
    dtype,
    shape,
    shared_name: attr.string(node('variable')),
    container: attr.string(''),
  });
  const read = add('ReadVariableOp', 'read', [variable], { dtype });
  add('Identity', 'value', [read], { T: dtype });
  const feed = add('Placeholder', 'feed', [], { dtype, shape });
  const copy = add('DeepCopy', 'copy', [feed], { T: dtype });
  add('AssignVariableOp', 'set', [variable, copy], { dtype });
}
