import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { invariant } from '../../base/errors.js';
import { attrKind, type NativeAttr, nativeBackend, tfType } from '../native.js';
import type { tf } from '../tf.js';
import { captureSite } from './call-site.js';
import { cannotCompile } from './cannot-compile.js';
import { type ConstValue, type Graph, nodeOf, type Ref } from './graph.js';
import { nativeId } from './native-tensors.js';

/** Tensors that stand for nodes of the graph: what the traced code is given. */
export type Known = ReadonlyMap<tf.Tensor, Ref>;

/** Ops that draw new numbers at each call, by a state inside TensorFlow. */
const stateful =
  /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|StatefulRandom)/;
/** Ops whose result's shape depends on values, which a traced step has fixed. */
const dataDependent =
  /^(Where|Unique|ListDiff|NonMaxSuppression|DynamicPartition|BooleanMask|StringSplit|Ragged)/;
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
 * Runs `step` as it is and writes every native call that it makes to `graph`. `refOf` gives the
 * node output that a tensor has become; it works until `step` is over.
 *
 * The backend's binding is the one place through which every native call goes, whichever kernel
 * or gradient of TensorFlow.js makes it; the binding is replaced while `step` runs.
 * @throws SspError `cannot-compile` at what would be right in this run alone.
 */
export function trace<T>(
  graph: Graph,
  known: Known,
  step: (refOf: (tensor: tf.Tensor) => Ref) => T,
): T {
  const backend = nativeBackend();
  const original = backend.binding;
  const refs = new Map<number, Ref>();
  const types = new Map<number, number>();
  // Nodes whose value is another at each call.
  const changing = new Set<string>();
  // Arrays that became tensors during the trace; TensorFlow.js hands them over when first used.
  const born = new WeakSet<object>();
  for (const [tensor, ref] of known) {
    const id = nativeId(tensor);
    invariant(!refs.has(id), `two tensors of a traced step share their native tensor (${ref})`);
    refs.set(id, ref);
    types.set(id, tfType[tensor.dtype as keyof typeof tfType]); // tfjs has fewer types
    changing.add(nodeOf(ref));
  }
  const lookUp = (id: number, op: string, site?: Error): Ref => {
    const ref = refs.get(id);
    if (ref !== undefined) return ref;
    throw cannotCompile(
      `${op} uses a tensor that was made before the step and is neither its state nor an input`,
      { site, help: 'Give it to the step as an input, or make it inside the step.' },
    );
  };

  const recorded: Partial<TFJSBinding> = {
    createTensor(shape, dtype, values) {
      const id = original.createTensor(shape, dtype, values);
      types.set(id, dtype);
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
      const changes = inputs.some((ref) => changing.has(nodeOf(ref)));
      refuse(op, changes, site);
      const results = original.executeOp(op, attrs, ids, outputs);
      const typed = { ...attrsOf(op, attrs), ...inferredTypes(op, ids, types) };
      const name = graph.add(op, inputs, typed, { site });
      if (changes) changing.add(name);
      results.forEach(({ id, dtype }, index) => {
        types.set(id, dtype);
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
      if (ref !== undefined && !changing.has(nodeOf(ref))) return original.tensorDataSync(id);
      throw cannotCompile(
        `a step reads ${described(graph, ref)} on the host, so its value of this run would stay forever`,
        {
          site: captureSite(),
          help: 'Compute with tensors alone: tf.where instead of if, tf.mul instead of numbers; gather with native GatherV2.',
        },
      );
    },
  };
  const wrapper: TFJSBinding = Object.create(
    original,
    Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, { value }])),
  );
  const move = backend.move;
  backend.binding = wrapper;
  backend.move = (dataId, values, shape, dtype, refCount) => {
    if (typeof values === 'object' && values !== null) born.add(values);
    move.call(backend, dataId, values, shape, dtype, refCount);
  };
  try {
    return step((tensor) => lookUp(nativeId(tensor), 'the result'));
  } finally {
    backend.binding = original;
    backend.move = move;
  }
}

function refuse(op: string, changes: boolean, site: Error): void {
  if (stateful.test(op)) {
    throw cannotCompile(`${op} draws its numbers from a state inside TensorFlow`, {
      site,
      help: 'Use StatelessRandomUniform or StatelessRandomNormal with a seed that is an input.',
    });
  }
  if (changes && dataDependent.test(op)) {
    throw cannotCompile(`the shape of what ${op} gives depends on values`, {
      site,
      help: 'A compiled step has fixed shapes: use a mask and tf.where instead.',
    });
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
