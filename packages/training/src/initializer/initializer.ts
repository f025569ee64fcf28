// Keras' initializers, definition by definition (keras.initializers 3.15), with our own random numbers.

import type { Initializer } from "@sintonia/tuning/plan/training-plan";
import type { Random } from "@sintonia/tuning/random/random";
import { sizeOf } from "../engine/model-shape.js";

/** Keras' fans: (inputs, units) for a kernel, (units, units) for a bias. */
interface Fans {
  readonly in: number;
  readonly out: number;
}

/** Where a normal distribution is cut, in standard deviations. */
const TRUNCATION = 2;

/** Standard deviation of a standard normal that is cut at ±2; Keras' constant. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/**
 * Draws the starting values of one tensor.
 *
 * Truncated normals are redrawn outside two standard deviations. TruncatedNormal is not corrected for what the cut takes
 * away (its values vary less than `stddev` says); GlorotNormal and HeNormal are.
 *
 * @param shape - (inputs, units) of a kernel or (units,) of a bias
 * @param random - a stream that nothing else reads
 * @returns float32, row-major
 */
export function initialize(initializer: Initializer, shape: readonly number[], random: Random): Float32Array {
  const [first = 1, second = first] = shape;
  const draw = sampler(initializer, { in: first, out: second }, random);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

function sampler(initializer: Initializer, fans: Fans, random: Random): () => number {
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
    case "GlorotUniform":
      return scaledUniform(glorotVariance(fans), random);
    case "GlorotNormal":
      return scaledNormal(glorotVariance(fans), random);
    case "HeUniform":
      return scaledUniform(heVariance(fans), random);
    case "HeNormal":
      return scaledNormal(heVariance(fans), random);
    default:
      throw new RangeError(`no initializer ${initializer.type}`);
  }
}

/** Glorot, Bengio 2010, eq. 16: keeps the variance of activations and of gradients, in the mean of both. */
function glorotVariance(fans: Fans): number {
  return 2 / (fans.in + fans.out);
}

/** He, Zhang, Ren, Sun 2015, eq. 10: keeps the variance of activations under ReLU. */
function heVariance(fans: Fans): number {
  return 2 / fans.in;
}

function scaledUniform(variance: number, random: Random): () => number {
  const limit = Math.sqrt(3 * variance);
  return () => limit * (2 * random.uniform() - 1);
}

function scaledNormal(variance: number, random: Random): () => number {
  const stddev = Math.sqrt(variance) / TRUNCATED_STDDEV;
  return () => stddev * truncatedNormal(random);
}

function truncatedNormal(random: Random): number {
  let value: number;
  do {
    value = random.normal();
  } while (Math.abs(value) > TRUNCATION);
  return value;
}
