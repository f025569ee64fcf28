import type { Activation } from "@sintonia/tuning/plan/training-plan";
import { type Matrix, type ReferenceLayer, sum } from "./layer.fixture.js";

/**
 * Klambauer et al. 2017, section 2. With these constants mean 0 and variance 1 are a fixed point.
 */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** A function of one number and its slope. At a corner, the slope is TensorFlow's. */
interface Curve {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

const CURVES: Readonly<Record<Exclude<Activation, "softmax">, Curve>> = {
  linear: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  leaky_relu: { value: (x) => (x > 0 ? x : 0.2 * x), slope: (x) => (x > 0 ? 1 : 0.2) },
  elu: { value: (x) => (x < 0 ? Math.expm1(x) : x), slope: (x) => (x < 0 ? Math.exp(x) : 1) },
  selu: {
    value: (x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x),
    slope: (x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.exp(x) : 1),
  },
  gelu: {
    value: (x) => x * normalBelow(x),
    slope: (x) => normalBelow(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  silu: { value: (x) => x * sigmoid(x), slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) },
};

/** One of Keras' activations with its default arguments. */
export class ReferenceActivation implements ReferenceLayer {
  readonly parameters = [];
  readonly #activation: Activation;
  #inputs: Matrix = [];

  constructor(activation: Activation) {
    this.#activation = activation;
  }

  forward(inputs: Matrix): Matrix {
    this.#inputs = inputs;
    if (this.#activation === "softmax") return inputs.map(softmax);
    const { value } = CURVES[this.#activation];
    return inputs.map((row) => row.map(value));
  }

  backward(gradients: Matrix): Matrix {
    if (this.#activation === "softmax") return gradients.map((row, i) => softmaxBackward(this.#inputs[i] ?? [], row));
    const { slope } = CURVES[this.#activation];
    return gradients.map((row, i) => row.map((g, unit) => g * slope(this.#inputs[i]?.[unit] as number)));
  }
}

function softmax(row: readonly number[]): number[] {
  const largest = Math.max(...row);
  const exponentials = row.map((x) => Math.exp(x - largest));
  return exponentials.map((value) => value / sum(exponentials));
}

/** Computes the gradient at the inputs from dy_j / dx_i = y_j ((i = j) - y_i). */
function softmaxBackward(inputs: readonly number[], gradients: readonly number[]): number[] {
  const outputs = softmax(inputs);
  return outputs.map((y, i) => sum(gradients.map((g, j) => g * (outputs[j] as number) * ((i === j ? 1 : 0) - y))));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Computes the distribution function of the standard normal. */
function normalBelow(x: number): number {
  return (1 + erf(x / Math.SQRT2)) / 2;
}

/**
 * Computes the error function by a series without cancellation. Beyond 6 the result rounds to 1.
 *
 * @see Abramowitz, Stegun 1964, 7.1.6
 */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, total] = [x, 0];
  for (let n = 1; total + term !== total; n++) {
    total += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
