import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// The messages of onnx.proto (ONNX 1.12, IR version 8) that a model needs, with their field
// numbers.

/** Values of TensorProto.DataType. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
/** The type of a tensor's elements. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A size, or the name of a size that is only known when the graph runs. */
export type Dimension = number | string;

/** An input or output of a graph. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
}

/** A constant of a graph. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian values. */
  readonly raw: Uint8Array;
}

/** One operation of a graph. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Integer attributes. */
  readonly integers: Readonly<Record<string, number>>;
  /** float32 attributes. */
  readonly floats: Readonly<Record<string, number>>;
}

/** A graph of ONNX operations. */
interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

const IR_VERSION = 8;
const OPSET_VERSION = 17;
/** Values of AttributeProto.AttributeType. */
const ATTRIBUTE_TYPES = { float: 1, integer: 2 } as const;

/** Encodes a graph as a ModelProto. */
export function encodeModel(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, IR_VERSION);
  text(writer, 2, "sintonia");
  message(writer, 7, () => writeGraph(writer, graph));
  message(writer, 8, () => integer(writer, 2, OPSET_VERSION));
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const initializer of graph.initializers) message(writer, 5, () => writeTensor(writer, initializer));
  for (const value of graph.inputs) message(writer, 11, () => writeValueInfo(writer, value));
  for (const value of graph.outputs) message(writer, 12, () => writeValueInfo(writer, value));
}

function writeNode(writer: BinaryWriter, node: GraphNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  text(writer, 2, node.output);
  text(writer, 3, node.output);
  text(writer, 4, node.op);
  for (const [name, value] of Object.entries(node.floats)) {
    message(writer, 5, () => {
      text(writer, 1, name);
      writer.tag(2, WireType.Bit32).float(value);
      integer(writer, 20, ATTRIBUTE_TYPES.float);
    });
  }
  for (const [name, value] of Object.entries(node.integers)) {
    message(writer, 5, () => {
      text(writer, 1, name);
      integer(writer, 3, value);
      integer(writer, 20, ATTRIBUTE_TYPES.integer);
    });
  }
}

function writeTensor(writer: BinaryWriter, tensor: Initializer): void {
  for (const dim of tensor.dims) integer(writer, 1, dim);
  integer(writer, 2, ELEMENT_TYPES[tensor.type]);
  text(writer, 8, tensor.name);
  writer.tag(9, WireType.LengthDelimited).bytes(tensor.raw);
}

function writeValueInfo(writer: BinaryWriter, value: ValueInfo): void {
  text(writer, 1, value.name);
  const writeDimension = (dim: Dimension): void => {
    if (typeof dim === "number") integer(writer, 1, dim);
    else text(writer, 2, dim);
  };
  const writeShape = (): void => {
    for (const dim of value.dims) message(writer, 1, () => writeDimension(dim));
  };
  const writeTensorType = (): void => {
    integer(writer, 1, ELEMENT_TYPES[value.type]);
    message(writer, 2, writeShape);
  };
  message(writer, 2, () => message(writer, 1, writeTensorType));
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
