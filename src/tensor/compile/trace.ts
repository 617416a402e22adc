import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { invariant, type SspError } from '../../base/errors.js';
import { attrKind, type NativeAttr, nativeBackend, tfType } from '../native.js';
import type { tf } from '../tf.js';
import { captureSite } from './call-site.js';
import { cannotCompile } from './cannot-compile.js';
import { type ConstValue, type Graph, nodeOf, type Ref } from './graph.js';
import { nativeId, tensorOf } from './native-tensors.js';
import { refuse } from './refuse.js';
import type { StandIns } from './stand-ins.js';

/** What a traced step works with. */
export interface TraceScope {
  /** A tensor like that one, which stands for an output of a node. */
  given(like: tf.Tensor, ref: Ref): tf.Tensor;
  /** The output of a node that a tensor has become. */
  refOf(tensor: tf.Tensor): Ref;
}

/**
 * Type attributes that kernels of TensorFlow.js leave out, or give wrongly: eager calls take them
 * from the inputs anyway, graphs do not. Which input has the type.
 */
const inferred: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ExpandDims: { T: 0, Tdim: 1 },
  Mean: { T: 0 },
};
const attrNumbers = new Set<number>(Object.values(attrKind));

/**
 * Runs `step` as it is and writes every native call that it makes to `graph`.
 *
 * The backend's binding is the one place through which every native call goes, whichever kernel
 * or gradient of TensorFlow.js makes it; the binding is replaced while `step` runs. With `standIns`
 * large results are not computed, as no value that changes from call to call can be seen.
 * @throws SspError `cannot-compile` at what would be right in this run alone.
 */
export function trace(
  graph: Graph,
  step: (scope: TraceScope) => void,
  standIns: StandIns | undefined,
): void {
  const backend = nativeBackend();
  const original = backend.binding;
  const refs = new Map<number, Ref>();
  const types = new Map<number, number>();
  const shapes = new Map<number, readonly number[]>();
  // Nodes whose value is another at each call.
  const changing = new Set<string>();
  // Arrays that became tensors during the trace; TensorFlow.js hands them over when first used.
  const born = new WeakSet<object>();
  const lookUp = (id: number, op: string, site?: Error): Ref => {
    const ref = refs.get(id);
    if (ref !== undefined) return ref;
    throw cannotCompile(
      `${op} uses a tensor that was made before the step and is neither its state nor an input`,
      { site, help: 'Give it to the step as an input, or make it inside the step.' },
    );
  };

  const hostRead = (what: string): SspError =>
    cannotCompile(`a step reads ${what} on the host, so its value of this run would stay forever`, {
      site: captureSite(),
      help: 'Compute with tensors alone: tf.where instead of if, tf.mul instead of numbers; gather with native GatherV2.',
    });

  const recorded: Partial<TFJSBinding> = {
    createTensor(shape, dtype, values) {
      const id = original.createTensor(shape, dtype, values);
      types.set(id, dtype);
      shapes.set(id, shape);
      // An int64 scalar of a kernel is made on the spot; all else has to be born in this trace.
      if (dtype === tfType.int64 || born.has(values)) {
        const constant = values as ConstValue['values']; // what the binding takes
        refs.set(id, graph.constant({ dtype, shape, values: constant }));
      }
      return id;
    },
    executeOp(op, attrs, ids, outputs) {
      const site = captureSite();
      const inputs = ids.map((id) => lookUp(id, op, site));
      const changes = inputs.map((ref) => changing.has(nodeOf(ref)));
      refuse(op, attrs, changes, site);
      const typed = { ...attrsOf(op, attrs), ...inferredTypes(op, ids, types) };
      const execute = () => original.executeOp(op, attrs, ids, outputs);
      const kinds = ids.map((id, index) =>
        changes[index] ? `${types.get(id)}(${shapes.get(id)})` : inputs[index],
      );
      const results =
        standIns === undefined || !changes.includes(true)
          ? execute()
          : standIns.run(JSON.stringify([op, typed, kinds, outputs]), execute);
      const name = graph.add(op, inputs, typed, {
        site,
        shapes: {
          inputs: ids.map((id) => shapes.get(id) ?? []),
          outputs: results.map(({ shape }) => shape),
        },
      });
      if (changes.includes(true)) changing.add(name);
      results.forEach(({ id, dtype, shape }, index) => {
        types.set(id, dtype);
        shapes.set(id, shape);
        refs.set(id, index === 0 ? name : `${name}:${index}`);
      });
      return results;
    },
    deleteTensor(id) {
      refs.delete(id);
      original.deleteTensor(id);
    },
    tensorDataSync(id) {
      const ref = refs.get(id);
      if (ref === undefined || changing.has(nodeOf(ref))) throw hostRead(described(graph, ref));
      const values = original.tensorDataSync(id);
      born.add(values);
      return values;
    },
  };
  const wrapper: TFJSBinding = Object.create(
    original,
    Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, { value }])),
  );
  const { move, readSync } = backend;
  backend.binding = wrapper;
  backend.readSync = (dataId) => {
    const values = readSync.call(backend, dataId);
    // Values that no native tensor has yet do not pass by the binding.
    if (!born.has(values)) throw hostRead(described(graph, undefined));
    return values;
  };
  backend.move = (dataId, values, shape, dtype, refCount) => {
    if (typeof values === 'object' && values !== null) born.add(values);
    move.call(backend, dataId, values, shape, dtype, refCount);
  };
  const scope: TraceScope = {
    refOf: (tensor) => lookUp(nativeId(tensor), 'the result'),
    given(like, ref) {
      const dtype = tfType[like.dtype as keyof typeof tfType]; // tfjs has fewer types
      // A native tensor of its own: clones share one, and two names would be one node.
      const T = { name: 'T', type: attrKind.type, value: dtype };
      const [result] = original.executeOp('Identity', [T], [nativeId(like)], 1);
      invariant(result !== undefined, 'Identity has a result');
      refs.set(result.id, ref);
      types.set(result.id, dtype);
      shapes.set(result.id, like.shape);
      changing.add(nodeOf(ref));
      return tensorOf(result);
    },
  };
  try {
    step(scope);
  } finally {
    backend.binding = original;
    Object.assign(backend, { move, readSync });
  }
}

function attrsOf(op: string, attrs: readonly TFEOpAttr[]): Record<string, NativeAttr> {
  return Object.fromEntries(
    attrs.map(({ name, type, value }) => {
      invariant(attrNumbers.has(type), `attribute ${name} of ${op} is of an unknown kind ${type}`);
      const copy = Array.isArray(value) ? [...value] : value;
      return [name, { type, value: copy as NativeAttr['value'] }]; // what the binding takes
    }),
  );
}

function inferredTypes(
  op: string,
  ids: readonly number[],
  types: ReadonlyMap<number, number>,
): Record<string, NativeAttr> {
  return Object.fromEntries(
    Object.entries(inferred[op] ?? {}).map(([name, input]) => {
      const value = types.get(ids[input] ?? -1);
      invariant(value !== undefined, `input ${input} of ${op} has no known type`);
      return [name, { type: attrKind.type, value }];
    }),
  );
}

function described(graph: Graph, ref: Ref | undefined): string {
  if (ref === undefined) return 'a tensor from before it';
  const op = graph.nodes.get(nodeOf(ref))?.op;
  if (op === undefined) return 'its state';
  return op === 'Placeholder' ? 'an input' : `the result of ${op}`;
}
