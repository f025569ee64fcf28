// Initializers as keras.initializers 3.15 defines them, with Sintonia's own random numbers.

import type { Initializer } from "@sintonia/tuning/plan/training-plan";
import type { Random } from "@sintonia/tuning/random/random";
import { sizeOf } from "../model/model-shape.js";
import { orthogonal } from "./orthogonal.js";
import { truncatedNormal } from "./truncated-normal.js";
import { scaledByFans, varianceScaling } from "./variance-scaling.js";

/**
 * Draws the initial values of one tensor: the table of initializers.
 *
 * As in Keras, the values of TruncatedNormal have a smaller standard deviation than `stddev`,
 * because of the truncation. VarianceScaling corrects for the truncation.
 *
 * @param shape - (inputs, units) of a kernel or (units,) of a bias
 * @param random - a stream of this tensor alone
 * @returns float32, row-major
 * @throws {RangeError} if the initializer is Identity or Orthogonal and the tensor is a vector
 */
export function initialize(initializer: Initializer, shape: readonly number[], random: Random): Float32Array {
  switch (initializer.type) {
    case "Identity":
      return identity(initializer.gain, matrixShape(initializer, shape));
    case "Orthogonal":
      return orthogonal(initializer.gain, matrixShape(initializer, shape), random);
    default:
      return independent(initializer, shape, random);
  }
}

type Independent = Exclude<Initializer, { readonly type: "Identity" | "Orthogonal" }>;

/** Draws every value independently. */
function independent(initializer: Independent, shape: readonly number[], random: Random): Float32Array {
  const draw = sampler(initializer, shape, random);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

function sampler(initializer: Independent, shape: readonly number[], random: Random): () => number {
  switch (initializer.type) {
    case "Zeros":
      return () => 0;
    case "Ones":
      return () => 1;
    case "Constant":
      return () => initializer.value;
    case "RandomNormal":
      return () => initializer.mean + initializer.stddev * random.normal();
    case "TruncatedNormal":
      return () => initializer.mean + initializer.stddev * truncatedNormal(random);
    case "RandomUniform":
      return () => initializer.minval + (initializer.maxval - initializer.minval) * random.uniform();
    default:
      return scaledByFans(varianceScaling(initializer), shape, random);
  }
}

function matrixShape({ type }: Initializer, shape: readonly number[]): readonly [rows: number, columns: number] {
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined) throw new RangeError(`${type} initializes matrices, not vectors`);
  return [rows, columns];
}

function identity(gain: number, [rows, columns]: readonly [number, number]): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
  return values;
}
