import type { BatchNormalizationShape } from "../../../../model/model-shape.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";
import type { EmittedLayer, LayerInputs } from "./layer.js";
import { updateOutput } from "./tensor-update.js";

/**
 * Emits batch normalization for training: y = gamma z + beta with z = (x - mean) / sqrt(variance +
 * epsilon). Mean and variance are those of the batch.
 *
 * With d the gradient at y, the gradient at x is
 *
 *   gamma / sqrt(variance + epsilon) (d - mean(d) - z mean(d z))
 *
 * @see Ioffe, Szegedy 2015, section 3
 */
export function emitBatchNormalization(
  graph: GraphBuilder,
  layer: BatchNormalizationShape,
  { x, share }: LayerInputs,
): EmittedLayer {
  const { gamma, beta } = layer;
  const { z, inverse } = emitStandardized(graph, layer, { x, share });
  const scaled = gamma === undefined ? z : graph.multiply(z, gamma.name);
  const backward = (d: Value) => {
    const sums = graph.columnSums(d, beta && updateOutput(graph, beta));
    const products = graph.columnSums(graph.multiply(d, z), gamma && updateOutput(graph, gamma));
    const inputs = (): Value => {
      const [mean, meanProduct] = [graph.multiply(sums, share), graph.multiply(products, share)];
      const rest = graph.subtract(graph.subtract(d, mean), graph.multiply(z, meanProduct));
      return graph.multiply(rest, gamma === undefined ? inverse : graph.multiply(gamma.name, inverse));
    };
    return { inputs };
  };
  return { output: beta === undefined ? scaled : graph.add(scaled, beta.name), backward };
}

/**
 * Emits z, shape (batch, units), and 1 / sqrt(variance + epsilon), shape (units,). Mean and
 * variance of the batch become outputs of the graph.
 */
function emitStandardized(
  graph: GraphBuilder,
  { movingMean, movingVariance, epsilon }: BatchNormalizationShape,
  { x, share }: { readonly x: Value; readonly share: Value },
): { readonly z: Value; readonly inverse: Value } {
  const mean = graph.node("Mul", [graph.columnSums(x), share], { name: updateOutput(graph, movingMean) });
  const centered = graph.subtract(x, mean);
  const squares = graph.columnSums(graph.multiply(centered, centered));
  const variance = graph.node("Mul", [squares, share], { name: updateOutput(graph, movingVariance) });
  const deviation = graph.node("Sqrt", [graph.add(variance, graph.scalar(epsilon))]);
  const inverse = graph.node("Reciprocal", [deviation]);
  return { z: graph.multiply(centered, inverse), inverse };
}

/** Emits batch normalization for inference, with the moving averages. */
export function emitMovingNormalization(graph: GraphBuilder, layer: BatchNormalizationShape, x: Value): Value {
  const { units, epsilon, movingMean, movingVariance } = layer;
  const filled = (value: number): Value => graph.constant(new Float32Array(units).fill(value), [units]);
  const [gamma, beta] = [layer.gamma?.name ?? filled(1), layer.beta?.name ?? filled(0)];
  const inputs = [x, gamma, beta, movingMean.name, movingVariance.name];
  return graph.node("BatchNormalization", inputs, { floats: { epsilon } });
}
