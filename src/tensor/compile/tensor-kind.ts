import type { NativeAttr } from '../native.js';
import { attr } from '../native.js';
import type { tf } from '../tf.js';
import { cannotCompile } from './cannot-compile.js';

/** Element type and shape, as messages say them: `float32 (8, 3)`. */
export function kindOf({ dtype, shape }: tf.Tensor): string {
  return `${dtype} (${shape.join(', ')})`;
}

/** The element type of a tensor that enters or leaves a graph. @throws SspError `cannot-compile` on strings and complex numbers. */
export function typeAttr({ dtype }: tf.Tensor, what: string): NativeAttr {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return attr.type(dtype);
  throw cannotCompile(`${what} is ${dtype}`, {
    help: 'State, inputs and outputs of a compiled step are float32, int32 or bool.',
  });
}
