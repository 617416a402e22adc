import { tfType } from '../native.js';
import { type GraphNode, isConstValue } from './graph.js';

type Shape4 = readonly [number, number, number, number];

/** A convolution of x (n, h, w, in) by a kernel (k, k, in, out) to y (n, height, width, out). */
export interface Convolution {
  /** What of it a node computes: y, the gradient of x, or that of the kernel. */
  readonly wanted: 'y' | 'x' | 'kernel';
  readonly x: Shape4;
  readonly y: Shape4;
  readonly k: number;
  readonly stride: number;
  /** Zeros at each side, before the first pixel and after the last. */
  readonly padding: number;
  readonly type: 'float32' | 'bfloat16';
}

/** The part of a convolution that a node computes, if it is one as `conv2d` writes it. */
export function convolutionOf(node: GraphNode): Convolution | undefined {
  const { op, shapes } = node;
  const { inputs = [], outputs = [] } = shapes ?? {};
  if (op === 'Conv2D') return described(node, 'y', [inputs[0], inputs[1], outputs[0]]);
  if (op === 'Conv2DBackpropInput') return described(node, 'x', [outputs[0], inputs[1], inputs[2]]);
  if (op === 'Conv2DBackpropFilter') {
    return described(node, 'kernel', [inputs[0], outputs[0], inputs[2]]);
  }
  return undefined;
}

function described(
  node: GraphNode,
  wanted: Convolution['wanted'],
  shapes: readonly (readonly number[] | undefined)[],
): Convolution | undefined {
  const [x, kernel, y] = shapes.map(asShape4);
  const type = typeOf(node);
  if (!x || !kernel || !y || type === undefined) return undefined;
  const k = kernel[0];
  const stride = numbers(node, 'strides')[1] ?? 1;
  const usual =
    kernel[1] === k &&
    numbers(node, 'strides')[2] === stride &&
    numbers(node, 'dilations').every((dilation) => dilation === 1) &&
    isText(node, 'data_format', 'NHWC');
  if (!usual) return undefined;
  if (isText(node, 'padding', 'VALID')) return { wanted, x, y, k, stride, padding: 0, type };
  const even = isText(node, 'padding', 'SAME') && stride === 1 && k % 2 === 1;
  return even ? { wanted, x, y, k, stride, padding: (k - 1) / 2, type } : undefined;
}

function asShape4(shape: readonly number[] | undefined): Shape4 | undefined {
  const [a, b, c, d, ...more] = shape ?? [];
  const full = a !== undefined && b !== undefined && c !== undefined && d !== undefined;
  return full && more.length === 0 ? [a, b, c, d] : undefined;
}

function typeOf({ attrs: { T } }: GraphNode): Convolution['type'] | undefined {
  if (T === undefined || isConstValue(T)) return undefined;
  if (T.value === tfType.float32) return 'float32';
  return T.value === tfType.bfloat16 ? 'bfloat16' : undefined;
}

function numbers({ attrs }: GraphNode, name: string): readonly number[] {
  const found = attrs[name];
  if (found === undefined || isConstValue(found) || !Array.isArray(found.value)) return [];
  return found.value.map(Number);
}

function isText({ attrs }: GraphNode, name: string, text: string): boolean {
  const found = attrs[name];
  return found !== undefined && !isConstValue(found) && found.value === text;
}
