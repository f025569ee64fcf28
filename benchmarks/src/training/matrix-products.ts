import { GraphBuilder, type Value } from "@sintonia/training/engine/onnx/graph/graph-builder";
import { createSession, floatTensor, type OnnxRuntime } from "@sintonia/training/engine/onnx/runtime";
import { CLASSES, FEATURES } from "./problem.js";

/** Runs the matrix products of one training step and nothing else. */
export interface MatrixProducts {
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Compiles the five products of a step of a model with one hidden layer: two of the forward pass, two for the kernels'
 * gradients and one that carries the error back. One value of each leaves the graph, so that nothing large is copied.
 */
export async function matrixProducts(
  runtime: OnnxRuntime,
  { batch, hidden }: { readonly batch: number; readonly hidden: number },
): Promise<MatrixProducts> {
  const sizes = {
    x: [batch, FEATURES],
    w1: [FEATURES, hidden],
    h: [batch, hidden],
    w2: [hidden, CLASSES],
    d: [batch, CLASSES],
  };
  const graph = new GraphBuilder("matrix_products");
  for (const [name, dims] of Object.entries(sizes)) graph.input(name, "float32", dims);
  corner(graph, "forward1", graph.node("Gemm", ["x", "w1"]));
  corner(graph, "forward2", graph.node("Gemm", ["h", "w2"]));
  corner(graph, "kernel2", graph.node("Gemm", ["h", "d"], { integers: { transA: 1 } }));
  corner(graph, "error", graph.node("Gemm", ["d", "w2"], { integers: { transB: 1 } }));
  corner(graph, "kernel1", graph.node("Gemm", ["x", "h"], { integers: { transA: 1 } }));
  const session = await createSession(runtime, graph.encode(), { threads: 1 });
  const feeds = Object.fromEntries(
    Object.entries(sizes).map(([name, [rows, columns]]) => {
      const [height, width] = [rows as number, columns as number];
      return [name, floatTensor(runtime, new Float32Array(height * width).fill(0.5), [height, width])];
    }),
  );
  return {
    run: async () => void (await session.run(feeds)),
    dispose: () => session.release(),
  };
}

function corner(graph: GraphBuilder, name: string, product: Value): void {
  const [first, second] = [BigInt64Array.of(0n, 0n), BigInt64Array.of(1n, 1n)];
  graph.node("Slice", [product, graph.constant(first, [2]), graph.constant(second, [2])], { name });
  graph.output(name, "float32", [1, 1]);
}
