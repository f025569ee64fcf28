// Keras' initializers, definition by definition (keras.initializers 3.15), with our own random numbers.

import type { Initializer } from "@sintonia/tuning/plan/training-plan";
import type { Random } from "@sintonia/tuning/random/random";
import { sizeOf } from "../model/model-shape.js";
import { orthogonal } from "./orthogonal.js";
import { truncatedNormal } from "./truncated-normal.js";
import { scaledByFans, varianceScaling } from "./variance-scaling.js";

/**
 * Draws the starting values of one tensor.
 *
 * TruncatedNormal is not corrected for what its cut takes away (its values vary less than `stddev` says); the truncated
 * normals of VarianceScaling are.
 *
 * @param shape - (inputs, units) of a kernel or (units,) of a bias
 * @param random - a stream that nothing else reads
 * @returns float32, row-major
 * @throws {RangeError} if Identity or Orthogonal is to fill a vector
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

/** Every value by itself. */
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
  if (rows === undefined || columns === undefined) throw new RangeError(`${type} fills matrices, not a vector`);
  return [rows, columns];
}

function identity(gain: number, [rows, columns]: readonly [number, number]): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
  return values;
}
