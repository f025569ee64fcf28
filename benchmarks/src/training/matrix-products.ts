import { GraphBuilder, type Value } from "@sintonia/training/engine/onnx/graph/builder/graph-builder";
import { createSession, floatTensor, type OnnxRuntime, type Tensors } from "@sintonia/training/engine/onnx/runtime";
import { type Size, unitsOf } from "./problem.js";

/** Runs the matrix products of one training step and nothing else. */
export interface MatrixProducts {
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Compiles the products of a step: for each layer the forward product, the product of the kernel's
 * gradient, and except for the first layer the product that propagates the error. Each result is
 * reduced to one output value, so that no large tensor is copied.
 */
export async function matrixProducts(runtime: OnnxRuntime, size: Size): Promise<MatrixProducts> {
  const graph = new GraphBuilder("matrix_products");
  const feeds: Tensors = {};
  const units = unitsOf(size);
  const matrix = (name: string, rows: number, columns: number): Value => {
    feeds[name] = floatTensor(runtime, new Float32Array(rows * columns).fill(0.5), [rows, columns]);
    return graph.input(name, "float32", [rows, columns]);
  };
  const values = units.map((count, layer) => matrix(`value_${layer}`, size.batch, count));
  const errors = units.map((count, layer) => matrix(`error_${layer}`, size.batch, count));
  for (let layer = 1; layer < units.length; layer++) {
    const [value, error] = [values[layer - 1] as Value, errors[layer] as Value];
    const kernel = matrix(`kernel_${layer}`, units[layer - 1] as number, units[layer] as number);
    corner(graph, `forward_${layer}`, graph.node("Gemm", [value, kernel]));
    corner(graph, `gradient_${layer}`, graph.node("Gemm", [value, error], { integers: { transA: 1 } }));
    if (layer > 1) corner(graph, `back_${layer}`, graph.node("Gemm", [error, kernel], { integers: { transB: 1 } }));
  }
  const session = await createSession(runtime, graph.encode(), { threads: 1 });
  return {
    run: async () => void (await session.run(feeds)),
    dispose: () => session.release(),
  };
}

/** Returns the multiplications and additions of all products of a step. */
export function operationsOf(size: Size): number {
  const units = unitsOf(size);
  return units.slice(1).reduce((sum, count, index) => {
    const products = index === 0 ? 2 : 3;
    return sum + products * 2 * size.batch * (units[index] as number) * count;
  }, 0);
}

/** Returns the number of weights and biases of the model. */
export function weightsOf(size: Size): number {
  const units = unitsOf(size);
  return units.slice(1).reduce((sum, count, index) => sum + ((units[index] as number) + 1) * count, 0);
}

function corner(graph: GraphBuilder, name: string, product: Value): void {
  const [first, second] = [BigInt64Array.of(0n, 0n), BigInt64Array.of(1n, 1n)];
  graph.node("Slice", [product, graph.constant(first, [2]), graph.constant(second, [2])], { name });
  graph.output(name, "float32", [1, 1]);
}
