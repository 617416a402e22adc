import type { TensorMetadata, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { invariant } from '../../base/errors.js';
import type { NamedTensors } from '../named-tensors.js';
import { attrKind, nativeBackend, tfType } from '../native.js';
import type { tf } from '../tf.js';
import { captureSite, placesOf } from './call-site.js';
import { nativeId } from './native-tensors.js';
import { watchTape } from './watch-tape.js';

/** What one tensor holds. */
export interface Held {
  /** Where it is one of the named. */
  readonly name?: string;
  readonly shape: readonly number[];
  /** Of the values that are finite; none where none is, or where they are no numbers. */
  readonly lowest?: number;
  readonly highest?: number;
}

/** The op that made the first value on the way to a tensor that is not finite. */
export interface NotFinite {
  /** TensorFlow's name of the op; undefined of a tensor that comes from JavaScript. */
  readonly op: string | undefined;
  /** What the op was part of: see {@link OpsWatch.phase}. */
  readonly phase: string;
  /** The op whose gradient it is part of. */
  readonly gradientOf?: string;
  readonly inputs: readonly Held[];
  readonly output: Held & {
    /** The first that is not finite. */
    readonly value: number;
    readonly count: number;
    readonly size: number;
  };
  /** Calls that led to it, as `file:line:column`, the innermost first; of a gradient, those of its op. */
  readonly places: readonly string[];
}

/** What watched work tells, and may ask. */
export interface OpsWatch {
  /** Says what the ops are part of from now on. */
  phase(name: string): void;
  /** Names tensors that the work is given. */
  name(tensors: NamedTensors): void;
  /** Where a tensor is not finite: where the first such value on the way to it was made. */
  originOf(tensor: tf.Tensor): NotFinite | undefined;
}

/** An origin by the order in which ops ran. */
interface Origin {
  readonly order: number;
  readonly found: NotFinite;
}

const floats = new Set<number>([tfType.float32, tfType.float64]);
const numbers = new Set<number | undefined>([...floats, tfType.int32, tfType.bool, tfType.uint8]);

/**
 * Runs work op by op and looks at each result. The backend's binding is the one place through which
 * every native call goes; it is replaced meanwhile.
 */
export function watchOps<Result>(work: (watch: OpsWatch) => Result): Result {
  const backend = nativeBackend();
  const original = backend.binding;
  const origins = new Map<number, Origin>();
  const names = new Map<number, string>();
  const kinds = new Map<number, Omit<TensorMetadata, 'id'>>();
  const tape = watchTape();
  let phase = '';
  let order = 0;
  const held = (id: number): Held => {
    const name = names.get(id);
    const { shape = [], dtype } = kinds.get(id) ?? {};
    const values = numbers.has(dtype) ? original.tensorDataSync(id) : [];
    return { ...(name === undefined ? {} : { name }), shape, ...extremes(values) };
  };
  const begun = (id: number, op: string | undefined, inputs: readonly number[]): Origin => {
    const values = original.tensorDataSync(id);
    const wrong = Array.from(values).filter((value) => !Number.isFinite(value));
    const [value = Number.NaN] = wrong;
    const output = { ...held(id), value, count: wrong.length, size: values.length };
    const { gradientOf, site = captureSite() } = tape.current() ?? {};
    const of = gradientOf === undefined ? {} : { gradientOf };
    const found = { op, phase, ...of, inputs: inputs.map(held), output, places: placesOf(site) };
    return { order, found };
  };
  const look = (op: string | undefined, inputs: readonly number[], made: TensorMetadata): void => {
    kinds.set(made.id, made);
    origins.delete(made.id);
    if (!floats.has(made.dtype) || allFinite(original, made)) return;
    const [first] = inputs.flatMap((id) => origins.get(id) ?? []).sort((a, b) => a.order - b.order);
    origins.set(made.id, first ?? begun(made.id, op, inputs));
  };
  const watched: Partial<TFJSBinding> = {
    createTensor(shape, dtype, values) {
      const id = original.createTensor(shape, dtype, values);
      order += 1;
      look(undefined, [], { id, dtype, shape });
      return id;
    },
    executeOp(op, attrs, ids, outputs) {
      const results = original.executeOp(op, attrs, ids, outputs);
      order += 1;
      for (const result of results) look(op, ids, result);
      return results;
    },
  };
  backend.binding = Object.create(
    original,
    Object.fromEntries(Object.entries(watched).map(([name, value]) => [name, { value }])),
  );
  try {
    return work({
      phase: (name) => {
        phase = name;
      },
      name: (tensors) => {
        for (const [name, tensor] of Object.entries(tensors)) {
          const id = nativeId(tensor);
          names.set(id, name);
          // tfjs has fewer types.
          const dtype = tfType[tensor.dtype as keyof typeof tfType];
          look(undefined, [], { id, dtype, shape: tensor.shape });
        }
      },
      originOf: (tensor) => origins.get(nativeId(tensor))?.found,
    });
  } finally {
    backend.binding = original;
    tape.end();
  }
}

function allFinite(binding: TFJSBinding, { id, dtype, shape }: TensorMetadata): boolean {
  const made: number[] = [];
  const keep = (one: number | undefined): number => {
    invariant(one !== undefined, 'a native op has a result');
    made.push(one);
    return one;
  };
  const run = (op: string, attrs: Parameters<TFJSBinding['executeOp']>[1], inputs: number[]) =>
    keep(binding.executeOp(op, attrs, inputs, 1)[0]?.id);
  const type = (name: string, value: number) => ({ name, type: attrKind.type, value });
  const axes = Int32Array.from(shape, (_, axis) => axis);
  try {
    const finite = run('IsFinite', [type('T', dtype)], [id]);
    const all = keep(binding.createTensor([axes.length], tfType.int32, axes));
    const attrs = [
      type('Tidx', tfType.int32),
      { name: 'keep_dims', type: attrKind.bool, value: false },
    ];
    return binding.tensorDataSync(run('All', attrs, [finite, all]))[0] === 1;
  } finally {
    for (const one of made) binding.deleteTensor(one);
  }
}

function extremes(values: ArrayLike<number>): Pick<Held, 'lowest' | 'highest'> {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return lowest > highest ? {} : { lowest, highest };
}
