import type { DenseShape, TensorShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import { emitActivation } from "./activations.js";
import type { EmittedLayer } from "./layer.js";
import { partOutput, updateOutput, updateParts } from "./tensor-update.js";

/** Emits activation(x · kernel + bias). */
export function emitDense(graph: GraphBuilder, { kernel, bias, activation }: DenseShape, x: Value): EmittedLayer {
  const sums = graph.node("Gemm", bias === undefined ? [x, kernel.name] : [x, kernel.name, bias.name]);
  const activated = emitActivation(graph, activation, sums);
  const backward = (outputDelta: Value) => {
    const delta = activated.gradient(outputDelta);
    emitKernelGradient(graph, kernel, { x, delta });
    if (bias !== undefined) graph.columnSums(delta, updateOutput(graph, bias));
    return { inputs: () => graph.node("Gemm", [delta, kernel.name], { integers: { transB: 1 } }) };
  };
  return { output: activated.output, backward };
}

/**
 * Emits the kernel's gradient, x^T delta, in parts. A range of its rows needs the same columns of
 * x.
 */
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
