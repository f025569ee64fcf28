import type { DenseShape, TensorShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import type { Operation } from "./layer.js";
import { partOutput, updateOutput, updateParts } from "./tensor-update.js";

/** Emits x · kernel + bias, a dense layer before its activation. */
export function emitDense(graph: GraphBuilder, { kernel, bias }: DenseShape, x: Value): Operation {
  const output = graph.node("Gemm", bias === undefined ? [x, kernel.name] : [x, kernel.name, bias.name]);
  const backward = (delta: Value) => {
    emitKernelGradient(graph, kernel, { x, delta });
    if (bias !== undefined) graph.columnSums(delta, updateOutput(graph, bias));
    return () => graph.node("Gemm", [delta, kernel.name], { integers: { transB: 1 } });
  };
  return { output, backward };
}

/** Emits the transpose of x times delta; a part of its rows needs the same columns of x. */
function emitKernelGradient(
  graph: GraphBuilder,
  kernel: TensorShape,
  { x, delta }: { readonly x: Value; readonly delta: Value },
): void {
  const parts = updateParts(kernel);
  for (const part of parts) {
    const columns = parts.length === 1 ? x : graph.columns(x, part.rows);
    graph.node("Gemm", [columns, delta], { name: partOutput(graph, part), integers: { transA: 1 } });
  }
}
