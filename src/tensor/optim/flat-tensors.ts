import { asVector } from '../as-rank.js';
import { type NamedTensors, pick } from '../named-tensors.js';
import { attr, native } from '../native.js';
import { tf } from '../tf.js';

const reshape = { T: attr.type('float32'), Tshape: attr.type('int32') };

/** All numbers of the named tensors, one tensor after another. Frees what it needed beside the result. */
export function flatten(tensors: NamedTensors, names: readonly string[]): tf.Tensor1D {
  return tf.tidy(() => {
    const whole = tf.tensor1d([-1], 'int32');
    const parts = names.map((name) => native('Reshape', [pick(tensors, name), whole], reshape));
    const axis = tf.scalar(0, 'int32');
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return asVector(only);
    const attrs = { T: attr.type('float32'), Tidx: attr.type('int32'), N: attr.int(parts.length) };
    return asVector(native('ConcatV2', [...parts, axis], attrs));
  });
}

/** Undoes {@link flatten}; `like` has the shapes. */
export function unflatten(
  flat: tf.Tensor1D,
  like: NamedTensors,
  names: readonly string[],
): NamedTensors {
  return tf.tidy(() => {
    const tensors = names.map((name) => pick(like, name));
    const shapeOf = (tensor: tf.Tensor): tf.Tensor => tf.tensor1d(tensor.shape, 'int32');
    const [only] = tensors;
    if (tensors.length === 1 && only !== undefined && names[0] !== undefined)
      return { [names[0]]: native('Reshape', [flat, shapeOf(only)], reshape) };
    const sizes = tf.tensor1d(
      tensors.map((tensor) => tensor.size),
      'int32',
    );
    const attrs = {
      T: attr.type('float32'),
      Tlen: attr.type('int32'),
      num_split: attr.int(names.length),
    };
    const axis = tf.scalar(0, 'int32');
    const parts = native('SplitV', [flat, sizes, axis], attrs, names.length);
    const shaped = tensors.map((tensor, index) => {
      const part = parts[index];
      return part === undefined ? tensor : native('Reshape', [part, shapeOf(tensor)], reshape);
    });
    return Object.fromEntries(names.map((name, index) => [name, shaped[index] ?? flat]));
  });
}
