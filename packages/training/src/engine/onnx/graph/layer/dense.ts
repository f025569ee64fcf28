import type { DenseShape } from "../../../model-shape.js";
import type { GraphBuilder, Value } from "../graph-builder.js";
import { type Operation, updateOutput } from "../operation.js";

/** Emits x · kernel + bias, a dense layer before its activation. */
export function emitDense(graph: GraphBuilder, { kernel, bias }: DenseShape, x: Value): Operation {
  const output = graph.node("Gemm", bias === undefined ? [x, kernel.name] : [x, kernel.name, bias.name]);
  const backward = (delta: Value) => {
    graph.node("Gemm", [x, delta], { name: updateOutput(graph, kernel), integers: { transA: 1 } });
    if (bias !== undefined) graph.columnSums(delta, updateOutput(graph, bias));
    return () => graph.node("Gemm", [delta, kernel.name], { integers: { transB: 1 } });
  };
  return { output, backward };
}
