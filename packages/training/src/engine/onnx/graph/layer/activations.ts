import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

// Activations as keras.activations 3.15 defines them, with TensorFlow's slopes at the corners.
//
//   x       inputs of the activation, shape (batch, units)
//   y       outputs, y = f(x)
//   y'      slope f'(x)
//   delta   gradient of the loss at y; the gradient at x is y' delta

/** An activation that was emitted for training. */
export interface EmittedActivation {
  /** y, the outputs. */
  readonly output: Value;
  /** Emits the gradient of the loss at x from the gradient at y. */
  readonly gradient: (delta: Value) => Value;
}

const LEAKY_RELU_SLOPE = 0.2;
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** The engine's table of activations. */
const ACTIVATIONS: Readonly<Record<Activation, (graph: GraphBuilder, x: Value) => EmittedActivation>> = {
  linear: (_, x) => ({ output: x, gradient: (delta) => delta }),
  relu,
  leaky_relu: leakyRelu,
  elu,
  selu,
  gelu,
  sigmoid,
  tanh,
  silu,
  softmax,
};

/** Emits an activation, element by element or, for softmax, row by row. */
export function emitActivation(graph: GraphBuilder, activation: Activation, x: Value): EmittedActivation {
  return ACTIVATIONS[activation](graph, x);
}

/** Uses a mask of zeros and ones, twice as fast as Where or Sign on the CPU. */
function relu(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Relu", [x]);
  const mask = (): Value => graph.cast(graph.node("Greater", [y, graph.scalar(0)]), "float32");
  return { output: y, gradient: (delta) => graph.multiply(delta, mask()) };
}

/** y' is 1 above 0, else 0.2. */
function leakyRelu(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("LeakyRelu", [x], { floats: { alpha: LEAKY_RELU_SLOPE } });
  const slope = (): Value => {
    const isAbove = graph.node("Greater", [y, graph.scalar(0)]);
    return graph.node("Where", [isAbove, graph.scalar(1), graph.scalar(LEAKY_RELU_SLOPE)]);
  };
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/** y' = 1 + min(y, 0). */
function elu(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Elu", [x]);
  const slope = (): Value => graph.add(graph.node("Min", [y, graph.scalar(0)]), graph.scalar(1));
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/** y' = y + scale * alpha below 0, else scale. */
function selu(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Selu", [x], { floats: { alpha: SELU_ALPHA, gamma: SELU_SCALE } });
  const slope = (): Value => {
    const isBelow = graph.node("Less", [y, graph.scalar(0)]);
    const below = graph.add(y, graph.scalar(SELU_SCALE * SELU_ALPHA));
    return graph.node("Where", [isBelow, below, graph.scalar(SELU_SCALE)]);
  };
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/**
 * y = x F(x) and y' = F(x) + x f(x), where F and f are distribution and density of the standard
 * normal.
 */
function gelu(graph: GraphBuilder, x: Value): EmittedActivation {
  const error = graph.node("Erf", [graph.multiply(x, graph.scalar(Math.SQRT1_2))]);
  const distribution = graph.multiply(graph.add(error, graph.scalar(1)), graph.scalar(0.5));
  const slope = (): Value => {
    const exponent = graph.multiply(graph.multiply(x, x), graph.scalar(-0.5));
    const density = graph.multiply(graph.node("Exp", [exponent]), graph.scalar(1 / Math.sqrt(2 * Math.PI)));
    return graph.add(distribution, graph.multiply(x, density));
  };
  return { output: graph.multiply(x, distribution), gradient: (delta) => graph.multiply(delta, slope()) };
}

/** y' = y (1 - y). */
function sigmoid(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Sigmoid", [x]);
  const slope = (): Value => graph.multiply(y, graph.subtract(graph.scalar(1), y));
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/** y' = 1 - y^2. */
function tanh(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Tanh", [x]);
  const slope = (): Value => graph.subtract(graph.scalar(1), graph.multiply(y, y));
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/** y = x s(x) and y' = s + y (1 - s), where s is the sigmoid. */
function silu(graph: GraphBuilder, x: Value): EmittedActivation {
  const s = graph.node("Sigmoid", [x]);
  const y = graph.multiply(x, s);
  const slope = (): Value => graph.add(s, graph.multiply(y, graph.subtract(graph.scalar(1), s)));
  return { output: y, gradient: (delta) => graph.multiply(delta, slope()) };
}

/** The gradient at x is y (delta - sum(y delta)), with the sum over the row. */
function softmax(graph: GraphBuilder, x: Value): EmittedActivation {
  const y = graph.node("Softmax", [x], { integers: { axis: 1 } });
  const gradient = (delta: Value): Value => {
    const axis = graph.constant(BigInt64Array.of(1n), [1]);
    const rowSums = graph.node("ReduceSum", [graph.multiply(y, delta), axis], { integers: { keepdims: 1 } });
    return graph.multiply(y, graph.subtract(delta, rowSums));
  };
  return { output: y, gradient };
}
