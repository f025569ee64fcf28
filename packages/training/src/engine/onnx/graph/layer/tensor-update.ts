import type { TensorShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

// What a step computes for a tensor, its update, leaves the graph: the gradient, or the batch's value of a moving average.
// The binding of ONNX Runtime fills the memory that we give it and then copies every output into an array of its own as
// well. Up to 32 MiB the C library uses memory again for that; beyond, it asks the system for new pages in every step, which
// was measured to take ten times as long as the products of a kernel of 4096 by 4096. So large updates leave in parts.

/** Largest part: 4 MiB. */
const PART_VALUES = 2 ** 20;

/** Consecutive rows of an update, or all of it. */
export interface UpdatePart {
  readonly name: Value;
  readonly shape: readonly number[];
  /** Half-open range of rows. */
  readonly rows: readonly [start: number, end: number];
}

/** The parts in which a tensor's update leaves the graph, first rows first. */
export function updateParts({ name, shape }: Pick<TensorShape, "name" | "shape">): UpdatePart[] {
  const [rows = 0, ...rest] = shape;
  const rowValues = rest.reduce((product, size) => product * size, 1);
  const rowsMax = Math.max(1, Math.floor(PART_VALUES / rowValues));
  return Array.from({ length: Math.ceil(rows / rowsMax) }, (_, part) => {
    const [start, end] = [part * rowsMax, Math.min((part + 1) * rowsMax, rows)];
    return { name: `${name}.update_${part}`, shape: [end - start, ...rest], rows: [start, end] };
  });
}

/** Declares the update of a small tensor as an output of the graph. */
export function updateOutput(graph: GraphBuilder, tensor: TensorShape): Value {
  const [part] = updateParts(tensor) as [UpdatePart];
  return partOutput(graph, part);
}

/** Declares a part as an output of the graph. */
export function partOutput(graph: GraphBuilder, { name, shape }: UpdatePart): Value {
  graph.output(name, "float32", shape);
  return name;
}
