import type { NamedTensors } from '../named-tensors.js';
import { tf } from '../tf.js';
import type { Augmentation } from './augmentation.js';
import type { ViewDraws } from './draws/draw-views.js';
import type { HostArray, HostArrays } from './draws/host-array.js';
import { viewArrays } from './draws/view-arrays.js';

/** Arrays as tensors, which the caller owns. */
export const tensorsOf = (arrays: HostArrays): NamedTensors =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, tensorOf(array)]));

/** An array as a tensor, which the caller owns. */
export const tensorOf = ({ values, shape, dtype }: HostArray): tf.Tensor =>
  tf.tensor(values, [...shape], dtype);

/** {@link viewArrays} as tensors, which the caller owns. */
export const viewTensors = (
  augmentation: Augmentation,
  draws: ViewDraws,
  image: { readonly height: number; readonly width: number },
): NamedTensors => tensorsOf(viewArrays(augmentation, draws, image));
