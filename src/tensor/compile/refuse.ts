import { cannotCompile } from './cannot-compile.js';

/** Ops that draw new numbers at each call, by a state inside TensorFlow. */
const stateful = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal|Stateful)/;
/** Ops whose result's shape depends on values, which a traced step has fixed. */
const dataDependent =
  /^(Where|Unique|ListDiff|NonMaxSuppression|DynamicPartition|BooleanMask|StringSplit|Ragged)/;
/** Ops whose result's shape depends on the values of some inputs. */
const shapeInputs: Readonly<Record<string, readonly number[]>> = {
  ...{ Reshape: [1], ExpandDims: [1], Transpose: [1], BroadcastTo: [1], Tile: [1], Fill: [0] },
  ...{ Slice: [2], StridedSlice: [1, 2], SplitV: [1, 2], Split: [0], OneHot: [1], TopKV2: [1] },
  ...{ Pad: [1], PadV2: [1], MirrorPad: [1], Range: [0, 1, 2], LinSpace: [2], ScatterNd: [2] },
  ...{ Sum: [1], Mean: [1], Max: [1], Min: [1], Prod: [1], All: [1], Any: [1], ArgMax: [1] },
  ...{ ArgMin: [1], Bincount: [1], UnsortedSegmentSum: [2], CropAndResize: [3] },
  ...{ StatelessRandomUniform: [0], StatelessRandomNormal: [0], StatelessTruncatedNormal: [0] },
  ...{ ResizeBilinear: [1], ResizeNearestNeighbor: [1], ImageProjectiveTransformV3: [2] },
  ...{ Conv2DBackpropInput: [0], Conv2DBackpropFilter: [1], MatrixDiagV3: [2, 3] },
};

/**
 * Refuses ops that a graph of fixed shapes and no hidden state cannot hold; `changes` says of each
 * input whether its values are others at each call. @throws SspError `cannot-compile`.
 */
export function refuse(
  op: string,
  attrs: readonly { readonly name: string; readonly value: unknown }[],
  changes: readonly boolean[],
  site: Error,
): void {
  if (stateful.test(op)) {
    throw cannotCompile(`${op} draws its numbers from a state inside TensorFlow`, {
      site,
      help: 'Use StatelessRandomUniform or StatelessRandomNormal with a seed that is an input.',
    });
  }
  const byShape = shapeInputs[op]?.some((input) => changes[input]) ?? false;
  // Of a fixed length, and filled up.
  const isPadded = attrs.some(
    ({ name, value }) => name === 'pad_to_max_output_size' && value === true,
  );
  if (byShape || (changes.includes(true) && dataDependent.test(op) && !isPadded)) {
    throw cannotCompile(`the shape of what ${op} gives depends on values`, {
      site,
      help: 'A compiled step has fixed shapes: use a mask and tf.where instead.',
    });
  }
}
