import type { Dimension, ElementType, GraphNode, Initializer, ValueInfo } from "./protobuf.js";
import { ELEMENT_TYPES, encodeModel } from "./protobuf.js";

/** The name of a tensor in a graph. */
export type Value = string;

type Constant = Float32Array | Int32Array | BigInt64Array;

interface NodeOptions {
  /** Name of the output. Required for outputs of the graph. @default a generated name */
  readonly name?: string;
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
}

/** A builder of one ONNX graph. Operators are those of opset 17. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: GraphNode[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  #firstAxis: Value | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input of the graph. */
  input(name: string, type: ElementType, dims: readonly Dimension[]): Value {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** Declares the value that `node` created under this name as an output of the graph. */
  output(name: string, type: ElementType, dims: readonly Dimension[]): void {
    this.#outputs.push({ name, type, dims });
  }

  /**
   * Adds a constant.
   *
   * @param dims - empty for a scalar
   */
  constant(values: Constant, dims: readonly number[], name = `constant_${this.#initializers.length}`): Value {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ name, type: elementType(values), dims, raw });
    return name;
  }

  /** Adds a float32 scalar. */
  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  /** Adds an operation with one output. */
  node(op: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    const output = options.name ?? `${op}_${this.#nodes.length}`;
    this.#nodes.push({ op, inputs, output, integers: options.integers ?? {}, floats: options.floats ?? {} });
    return output;
  }

  /** a + b. */
  add(a: Value, b: Value): Value {
    return this.node("Add", [a, b]);
  }

  /** a - b. */
  subtract(a: Value, b: Value): Value {
    return this.node("Sub", [a, b]);
  }

  /** a b, element by element. */
  multiply(a: Value, b: Value): Value {
    return this.node("Mul", [a, b]);
  }

  /** Sum over all elements, a scalar. */
  sum(value: Value, name?: string): Value {
    return this.node("ReduceSum", [value], { integers: { keepdims: 0 }, ...(name === undefined ? {} : { name }) });
  }

  /** Sum of each column: (rows, columns) to (columns,). */
  columnSums(value: Value, name?: string): Value {
    this.#firstAxis ??= this.constant(BigInt64Array.of(0n), [1]);
    const options = { integers: { keepdims: 0 }, ...(name === undefined ? {} : { name }) };
    return this.node("ReduceSum", [value, this.#firstAxis], options);
  }

  /** A half-open range of columns: (rows, columns) to (rows, end - start). */
  columns(value: Value, [start, end]: readonly [start: number, end: number]): Value {
    const [starts, ends, axes] = [start, end, 1].map((number) => this.constant(BigInt64Array.of(BigInt(number)), [1]));
    return this.node("Slice", [value, starts as Value, ends as Value, axes as Value]);
  }

  /** Converts the element type. */
  cast(value: Value, type: ElementType): Value {
    return this.node("Cast", [value], { integers: { to: ELEMENT_TYPES[type] } });
  }

  /** Encodes the graph as a ModelProto. */
  encode(): Uint8Array {
    const [nodes, initializers, inputs, outputs] = [this.#nodes, this.#initializers, this.#inputs, this.#outputs];
    return encodeModel({ name: this.#name, nodes, initializers, inputs, outputs });
  }
}

function elementType(values: Constant): ElementType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Int32Array ? "int32" : "int64";
}
