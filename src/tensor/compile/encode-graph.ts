import { unreachable } from '../../base/errors.js';
import { requireNative } from '../../runtime/native-package.js';
import { attrKind, type NativeAttr, tfType } from '../native.js';
import { bytesOf, type ConstValue, type GraphNode, isConstValue } from './graph.js';

/** What this file uses of the package's generated protobuf classes, which have no types. */
interface Messages {
  readonly SavedModel: Message<
    'setSavedModelSchemaVersion' | 'addMetaGraphs',
    { serializeBinary(): Uint8Array }
  >;
  readonly MetaGraphDef: Message<'setMetaInfoDef' | 'setGraphDef'> & MetaGraph;
  readonly GraphDef: Message<'addNode' | 'setVersions'>;
  readonly VersionDef: Message<'setProducer'>;
  readonly NodeDef: Message<
    'setName' | 'setOp' | 'setInputList',
    { getAttrMap(): { set(name: string, value: unknown): void } }
  >;
  readonly AttrValue: Message<
    'setS' | 'setI' | 'setF' | 'setB' | 'setType' | 'setShape' | 'setTensor' | 'setList'
  > &
    AttrValue;
  readonly TensorShape: Message<'addDim'> & { readonly Dim: Message<'setSize'> };
  readonly Tensor: Message<
    | 'setDtype'
    | 'setTensorShape'
    | 'setTensorContent'
    | 'setFloatValList'
    | 'setIntValList'
    | 'setBoolValList'
    | 'setStringValList'
  >;
}
type Message<Setters extends string, More = unknown> = {
  new (): Readonly<Record<Setters, (value: unknown) => void>> & More;
};
type MetaGraph = { readonly MetaInfoDef: Message<'addTags'> };
type AttrValue = {
  readonly ListValue: Message<'setIList' | 'setFList' | 'setBList' | 'setTypeList'>;
};

/** The version of graphs that TensorFlow 2.21 writes; a lower one would switch old behaviour on. */
const producer = 1882;

/** The one tag of the SavedModel's one graph. */
export const graphTag = 'step';

/** Nodes as the bytes of a SavedModel (`saved_model.pb`). */
export function encodeGraph(nodes: Iterable<GraphNode>): Uint8Array {
  const pb: Messages = requireNative('./dist/proto/api_pb.js');
  const graph = new pb.GraphDef();
  for (const { name, op, inputs, attrs } of nodes) {
    const node = new pb.NodeDef();
    node.setName(name);
    node.setOp(op);
    node.setInputList([...inputs]);
    for (const [key, value] of Object.entries(attrs)) {
      node.getAttrMap().set(key, attrValue(pb, value));
    }
    graph.addNode(node);
  }
  const versions = new pb.VersionDef();
  versions.setProducer(producer);
  graph.setVersions(versions);
  const info = new pb.MetaGraphDef.MetaInfoDef();
  info.addTags(graphTag);
  const meta = new pb.MetaGraphDef();
  meta.setMetaInfoDef(info);
  meta.setGraphDef(graph);
  const model = new pb.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(meta);
  return model.serializeBinary();
}

function attrValue(pb: Messages, given: NativeAttr | ConstValue): unknown {
  const result = new pb.AttrValue();
  if (isConstValue(given)) {
    result.setTensor(tensor(pb, given));
    return result;
  }
  const { type, value } = given;
  if (type === attrKind.shape) {
    result.setShape(shape(pb, value as readonly number[])); // that kind has such values
  } else if (Array.isArray(value)) {
    const list = new pb.AttrValue.ListValue();
    if (type === attrKind.int) list.setIList([...value]);
    else if (type === attrKind.float) list.setFList([...value]);
    else if (type === attrKind.bool) list.setBList([...value]);
    else if (type === attrKind.type) list.setTypeList([...value]);
    else unreachable(given as never);
    result.setList(list);
  } else if (type === attrKind.int) result.setI(value);
  else if (type === attrKind.float) result.setF(value);
  else if (type === attrKind.bool) result.setB(Boolean(value));
  else if (type === attrKind.type) result.setType(value);
  // A string would be taken as base64.
  else if (type === attrKind.string) result.setS(Buffer.from(String(value)));
  else unreachable(given as never);
  return result;
}

function shape(pb: Messages, dims: readonly number[]): unknown {
  const result = new pb.TensorShape();
  for (const size of dims) {
    const dim = new pb.TensorShape.Dim();
    dim.setSize(size);
    result.addDim(dim);
  }
  return result;
}

function tensor(pb: Messages, { dtype, shape: dims, values }: ConstValue): unknown {
  const result = new pb.Tensor();
  result.setDtype(dtype);
  result.setTensorShape(shape(pb, dims));
  const [first] = values;
  if (!ArrayBuffer.isView(values)) result.setStringValList([...values]);
  // `tf.zeros` and the like: TensorFlow repeats one value over the shape.
  else if (values.length > 16 && isUniform(values) && dtype === tfType.float32) {
    result.setFloatValList([first]);
  } else if (values.length > 16 && isUniform(values) && dtype === tfType.int32) {
    result.setIntValList([first]);
  } else if (values.length > 16 && isUniform(values) && dtype === tfType.bool) {
    result.setBoolValList([Boolean(first)]);
  } else result.setTensorContent(Uint8Array.from(bytesOf(values)));
  return result;
}

/** By bits, so that -0 is not 0. */
function isUniform(values: NodeJS.TypedArray): boolean {
  const bytes = bytesOf(values);
  const size = values.BYTES_PER_ELEMENT;
  // Equal to itself moved by one value.
  return bytes.subarray(size).equals(bytes.subarray(0, bytes.length - size));
}
