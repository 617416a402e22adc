import { type Mark, markOf, markOp } from '../layers/mixed-region.js';
import { attr, tfType } from '../native.js';
import {
  createGraph,
  type Graph,
  type GraphNode,
  isConstValue,
  nodeOf,
  type Ref,
} from './graph.js';

/** Arithmetic of the marked regions: all in float32, or what can be in bfloat16. */
export type Precision = 'fp32' | 'bf16';

/** Which inputs and outputs of an op are of its type T, and when that becomes bfloat16. */
interface Rule {
  /**
   * `always`; only where one of these inputs is bfloat16 already, as a cast alone costs more than it
   * saves (`follows`); or only where all of them are (`joins`), so that a sum with float32 stays float32.
   */
  readonly when: 'always' | 'follows' | 'joins';
  readonly inputs: readonly number[] | 'all';
  readonly outputs: readonly number[];
}

const always = (inputs: Rule['inputs']): Rule => ({ when: 'always', inputs, outputs: [0] });
const joins = (inputs: Rule['inputs']): Rule => ({ when: 'joins', inputs, outputs: [0] });
const follows = (inputs: Rule['inputs']): Rule => ({ when: 'follows', inputs, outputs: [0] });

/**
 * Ops that are good in bfloat16: products, whose kernels add up in float32, and what only passes their
 * results on, elementwise or moved. All others (means, exponentials, roots) stay float32.
 */
const rules: Readonly<Record<string, Rule>> = {
  ...{ Conv2D: always([0, 1]), MatMul: always([0, 1]), BatchMatMulV2: always([0, 1]) },
  ...{ Conv2DBackpropInput: always([1, 2]), Conv2DBackpropFilter: always([0, 2]) },
  // Scale, shift and statistics are of another type, U.
  ...{ FusedBatchNormV3: follows([0]), FusedBatchNormGradV3: follows([0, 1]) },
  ...{ Relu: follows([0]), ReluGrad: follows([0, 1]), Identity: follows([0]) },
  // As torch's autocast promotes: a transformer's tokens stay float32, to which its layers add.
  ...{ Add: joins([0, 1]), AddV2: joins([0, 1]), Sub: joins([0, 1]), AddN: joins('all') },
  ...{ Mul: joins([0, 1]), Neg: follows([0]), BiasAdd: follows([0, 1]), Pack: joins('all') },
  // Side by side: the gradient is quick only where it sees the pooling itself, whose choices it reuses.
  ...{ MaxPool: follows([0]), MaxPoolGrad: follows([0, 1, 2]) },
  ...{ Reshape: follows([0]), Transpose: follows([0]), Slice: follows([0]) },
  ...{ Pad: follows([0]), PadV2: follows([0, 2]), StridedSlice: follows([0]) },
  ...{ ExpandDims: follows([0]), Squeeze: follows([0]) },
};

/**
 * The graph for a precision, with the same names; the marks of its regions are gone. In bf16, what the
 * rules name inside a region computes in bfloat16, with one cast for each value that crosses between
 * the types; what a layer marks to keep is bfloat16 from there on. Weights, statistics and all outside
 * the regions (heads, loss, update) stay float32. `prefix` begins the names of casts of what lies outside
 * the graph, so that no two graphs of one program have a node of the same name.
 */
export function withPrecision(graph: Graph, precision: Precision, prefix = ''): Graph {
  const nodes = [...graph.nodes.values()];
  const region = precision === 'bf16' ? insideBorders(nodes) : new Set<string>();
  const result = createGraph('');
  // The marks, and what they stand for.
  const passed = new Map<Ref, Ref>();
  // Values that are bfloat16.
  const narrow = new Set<Ref>();
  const casts = new Map<Ref, Ref>();
  const cast = (ref: Ref): Ref => {
    const wide = narrow.has(ref);
    const found = casts.get(ref);
    if (found !== undefined) return found;
    const attrs = {
      SrcT: attr.type(wide ? 'bfloat16' : 'float32'),
      DstT: attr.type(wide ? 'float32' : 'bfloat16'),
      Truncate: attr.bool(false),
    };
    const place = graph.nodes.has(nodeOf(ref)) ? '' : prefix;
    const name = `${place}${ref.replace(':', '_')}_as_${wide ? 'float32' : 'bfloat16'}`;
    casts.set(ref, result.add('Cast', [ref], attrs, { name }));
    if (!wide) narrow.add(name);
    return name;
  };
  for (const node of nodes) {
    const inputs = node.inputs.map((ref) => passed.get(ref) ?? ref);
    const [first] = inputs;
    const mark = markIn(node);
    if (mark !== undefined && first !== undefined) {
      const narrows = mark === 'keep' && region.has(node.name) && !narrow.has(first);
      passed.set(node.name, narrows ? cast(first) : first);
      continue;
    }
    const rule = region.has(node.name) && isFloat(node) ? rules[node.op] : undefined;
    const typed = (index: number): boolean =>
      rule !== undefined && (rule.inputs === 'all' || rule.inputs.includes(index));
    const operands = inputs.filter((ref, index) => typed(index) && !ref.startsWith('^'));
    const narrowed = operands.filter((ref) => narrow.has(ref)).length;
    const least = { always: 0, follows: 1, joins: operands.length };
    const changes = rule !== undefined && narrowed >= least[rule.when];
    const given = inputs.map((ref, index) =>
      ref.startsWith('^') || narrow.has(ref) === (changes && typed(index)) ? ref : cast(ref),
    );
    const { op, attrs, inputs: _, ...more } = node;
    const { name } = more;
    result.add(op, given, changes ? { ...attrs, T: attr.type('bfloat16') } : attrs, more);
    if (!changes) continue;
    for (const index of rule?.outputs ?? []) narrow.add(index === 0 ? name : `${name}:${index}`);
  }
  return result;
}

/** Names of the nodes on the ways from a mark that enters to one that leaves. */
function insideBorders(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const after = new Set<string>();
  for (const node of nodes) {
    const mark = markIn(node);
    const follow = node.inputs.some((ref) => after.has(nodeOf(ref)));
    if (mark === 'enter' || (mark !== 'leave' && follow)) after.add(node.name);
  }
  const before = new Set<string>();
  for (const node of nodes.toReversed()) {
    const mark = markIn(node);
    if (mark === 'leave' || (mark !== 'enter' && before.has(node.name))) {
      for (const ref of node.inputs) before.add(nodeOf(ref));
    }
  }
  return new Set([...after].filter((name) => before.has(name)));
}

function markIn({ op, attrs: { message } }: GraphNode): Mark | undefined {
  if (op !== markOp || message === undefined || isConstValue(message)) return undefined;
  return markOf(message.value);
}

function isFloat({ attrs: { T } }: GraphNode): boolean {
  return T !== undefined && !isConstValue(T) && T.value === tfType.float32;
}
