import { invariant } from '../../base/errors.js';
import { attr, type NativeAttrs, tfType } from '../native.js';
import type { Convolution } from './convolution.js';
import type { Graph, GraphNode, Ref } from './graph.js';

/** What is written in the place of a node: parts named after it, and a result with its name. */
export interface Parts {
  /** `type` is the attribute of the element type. */
  add(
    part: string,
    op: string,
    inputs: readonly (Ref | undefined)[],
    attrs: NativeAttrs,
    type?: string,
  ): Ref;
  int32(part: string, values: readonly number[], shape?: readonly number[]): Ref;
  reshape(part: string, ref: Ref | undefined, shape: readonly number[]): Ref;
  matMul(a: Ref, b: Ref, transposed?: { readonly a?: true; readonly b?: true }): Ref;
  result(ref: Ref, shape: readonly number[]): void;
}

export function createParts(graph: Graph, node: GraphNode, precision: Convolution['type']): Parts {
  const element = attr.type(precision);
  const add: Parts['add'] = (part, op, inputs, attrs, type = 'T') => {
    const name = part === '' ? node.name : `${node.name}_${part}`;
    const given = inputs.map((ref) => {
      invariant(ref !== undefined, `${node.op} has its inputs`);
      return ref;
    });
    return graph.add(
      op,
      given,
      { ...attrs, [type]: element },
      { name, ...(node.site && { site: node.site }) },
    );
  };
  const int32s: Parts['int32'] = (part, values, shape = [values.length]) =>
    graph.constant(
      { dtype: tfType.int32, shape, values: Int32Array.from(values) },
      { name: `${node.name}_${part}` },
    );
  const reshape: Parts['reshape'] = (part, ref, shape) =>
    add(part, 'Reshape', [ref, int32s(`${part}_shape`, shape)], int32('Tshape'));
  return {
    add,
    int32: int32s,
    reshape: (part, ref, shape) => reshape(`${part}_rows`, ref, shape),
    matMul: (a, b, transposed = {}) =>
      add('product', 'MatMul', [a, b], {
        transpose_a: attr.bool(transposed.a ?? false),
        transpose_b: attr.bool(transposed.b ?? false),
      }),
    result: (ref, shape) => {
      reshape('', ref, shape);
    },
  };
}

/** The attribute that makes indices, sizes or axes int32. */
export function int32(name: string): NativeAttrs {
  return { [name]: attr.type('int32') };
}
