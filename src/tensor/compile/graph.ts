import { invariant } from '../../base/errors.js';
import { attr, type NativeAttr } from '../native.js';

/** An output of a node: `name`, or `name:1` for its second; `^name` only orders. */
export type Ref = string;

/** A constant: its element type as TensorFlow numbers it, and its values (strings as bytes). */
export interface ConstValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: NodeJS.TypedArray | readonly Uint8Array[];
}

/** Attributes of a node by name; a constant's value is one too. */
export type GraphAttrs = Readonly<Record<string, NativeAttr | ConstValue>>;

/** One op of a graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Ref[];
  readonly attrs: GraphAttrs;
  /** Of its inputs and outputs, where they are known from a call. */
  readonly shapes?: NodeShapes;
  /** Where in JavaScript it was called, as its stack. */
  readonly site?: Error;
}

/** A graph that is being written: nodes by name, in an order in which inputs come first. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Adds a node; without a name it gets the next number. */
  add(op: string, inputs: readonly Ref[], attrs: GraphAttrs, more?: NodeOptions): Ref;
  /** The node of a constant; equal constants are one, named as the first. Copies the values. */
  constant(value: ConstValue, more?: NodeOptions): Ref;
}

/** Shapes of a node's values, in their order. */
export interface NodeShapes {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

/** What else is known of a node. */
export type NodeOptions = Partial<Pick<GraphNode, 'name' | 'shapes' | 'site'>>;

/** An empty graph; numbered nodes are called `prefix0`, `prefix1` … */
export function createGraph(prefix: string): Graph {
  const nodes = new Map<string, GraphNode>();
  const constants = new Map<string, Ref>();
  const add: Graph['add'] = (op, inputs, attrs, more = {}) => {
    const { name = `${prefix}${nodes.size}` } = more;
    invariant(!nodes.has(name), `there are two nodes ${name}`);
    nodes.set(name, { ...more, name, op, inputs, attrs });
    return name;
  };
  return {
    nodes,
    add,
    constant({ dtype, shape, values }, more) {
      const key = `${dtype}|${shape.join()}|${bytesOf(values).toString('latin1')}`;
      const found = constants.get(key);
      if (found !== undefined) return found;
      // The caller may write to its array later.
      const value: ConstValue = { dtype, shape, values: values.slice() };
      const attrs = { dtype: { ...attr.type('float32'), value: dtype }, value };
      const ref = add('Const', [], attrs, more);
      constants.set(key, ref);
      return ref;
    },
  };
}

/** The node that an output or an order belongs to. */
export function nodeOf(ref: Ref): string {
  return ref.replace(/^\^|:\d+$/g, '');
}

/** Names of the nodes that the roots need. */
export function reachable(
  nodes: ReadonlyMap<string, GraphNode>,
  roots: readonly Ref[],
): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = roots.map(nodeOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(nodes.get(name)?.inputs ?? []).map(nodeOf));
  }
  return seen;
}

/** Ops whose result can share the memory of an input. */
const views = new Set([
  ...['Identity', 'IdentityN', 'Snapshot', 'StopGradient', 'PreventGradient', 'Bitcast', 'Cast'],
  ...['Reshape', 'ExpandDims', 'Squeeze', 'Pack', 'Unpack', 'Concat', 'ConcatV2', 'Transpose'],
  ...['Slice', 'StridedSlice', 'Split', 'SplitV', 'Pad', 'PadV2', 'MirrorPad', 'Tile'],
  ...['BroadcastTo', 'Reverse', 'ReverseV2', 'Sum', 'Mean', 'Max', 'Min', 'Prod', 'AddN'],
  ...['Select', 'SelectV2', 'SpaceToBatchND', 'BatchToSpaceND', 'GatherV2'],
]);

/** The same value, copied if it may lie in the memory of something fed from JavaScript, which goes away. */
export function ownMemory(graph: Graph, ref: Ref, type: NativeAttr): Ref {
  return mayAliasFeed(graph.nodes, ref) ? graph.add('DeepCopy', [ref], { T: type }) : ref;
}

function mayAliasFeed(nodes: ReadonlyMap<string, GraphNode>, ref: Ref): boolean {
  const open = [nodeOf(ref)];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = nodes.get(name);
    if (node === undefined || seen.has(name)) continue;
    seen.add(name);
    if (node.op === 'Placeholder') return true;
    if (views.has(node.op)) open.push(...node.inputs.map(nodeOf));
  }
  return false;
}

/** Whether an attribute is a constant's value. */
export function isConstValue(value: NativeAttr | ConstValue): value is ConstValue {
  return 'dtype' in value;
}

/** The bytes of a constant's values, not copied; strings one after another with their lengths. */
export function bytesOf(values: ConstValue['values']): Buffer {
  if (ArrayBuffer.isView(values)) {
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  }
  return Buffer.concat(values.flatMap((value) => [Buffer.from(`${value.length}:`), value]));
}
