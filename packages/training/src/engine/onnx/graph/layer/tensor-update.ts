import type { TensorShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

// The update of a tensor is an output of the training graph: the gradient of a trained tensor, or
// the batch statistic of a moving average.
//
// Large updates are split into parts. ONNX Runtime's binding writes an output into the given
// memory, and then also copies it into an array of its own. The C library reuses memory for arrays
// of up to 32 MiB. For larger arrays it requests new pages in every step, which took ten times as
// long as the matrix products of a kernel of 4096 by 4096.

/** Largest number of values in a part, 4 MiB. */
const PART_VALUES = 2 ** 20;

/** A range of rows of an update. */
interface UpdatePart {
  readonly name: Value;
  readonly shape: readonly number[];
  /** Half-open range of rows. */
  readonly rows: readonly [start: number, end: number];
}

/** Splits the update of a tensor into parts, first rows first. */
export function updateParts({ name, shape }: Pick<TensorShape, "name" | "shape">): UpdatePart[] {
  const [rows = 0, ...rest] = shape;
  const rowValues = rest.reduce((product, size) => product * size, 1);
  const rowsMax = Math.max(1, Math.floor(PART_VALUES / rowValues));
  return Array.from({ length: Math.ceil(rows / rowsMax) }, (_, part) => {
    const [start, end] = [part * rowsMax, Math.min((part + 1) * rowsMax, rows)];
    return { name: `${name}.update_${part}`, shape: [end - start, ...rest], rows: [start, end] };
  });
}

/** Declares the update of a tensor with a single part as an output of the graph. */
export function updateOutput(graph: GraphBuilder, tensor: TensorShape): Value {
  const [part] = updateParts(tensor) as [UpdatePart];
  return partOutput(graph, part);
}

/** Declares a part of an update as an output of the graph. */
export function partOutput(graph: GraphBuilder, { name, shape }: UpdatePart): Value {
  graph.output(name, "float32", shape);
  return name;
}
