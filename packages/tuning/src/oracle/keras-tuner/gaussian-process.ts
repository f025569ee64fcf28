// scikit-learn's GaussianProcessRegressor with KerasTuner's settings: a Matérn 5/2 kernel with one
// length scale for all dimensions and variance 1, noise variance 1e-4, standardised targets.
//
//   r, ℓ   distance of two points, length scale;  s = r / ℓ
//   y      targets with mean 0 and variance 1, shape (n,)
//   k(r) = (1 + √5 s + 5/3 s²) exp(-√5 s)
//   K    = k(|x_i - x_j|) + 1e-4 I,   K = L Lᵀ
//   log likelihood = -½ yᵀ K⁻¹ y - Σ log L_ii - n/2 log 2π

import { type Evaluation, minimiseBounded } from "../../numeric/bounded-minimum.js";
import { dot } from "../../numeric/vector.js";
import { decompose, solveLower, solveUpper } from "./dense-cholesky.js";
import { numpyRandom } from "./mersenne-twister.js";

/** Noise variance of standardised targets, added to the diagonal of K. */
export const ALPHA = 1e-4;
/** Random starts of the fit besides ℓ = 1. */
const RESTARTS = 20;
const LENGTH_MAX = 1e5;
/**
 * With more points than this, only the starts with the largest likelihoods are used; KerasTuner
 * uses all.
 */
const ALL_STARTS_POINTS_MAX = 64;
const LIKELY_STARTS = 3;
const STEPS_MAX = 200;
const GRADIENT_TOLERANCE = 1e-5;

/** The data of a fit. */
export interface Data {
  /** n points of shape (d,). */
  readonly points: readonly Float64Array[];
  /** Shape (n,). */
  readonly targets: Float64Array;
}

/** The settings of a fit. */
export interface FitSettings {
  readonly seed: number;
  /** Least length scale, above 0. */
  readonly lengthMin: number;
}

/**
 * Posterior mean and standard deviation at a point, in the targets' units, with gradients of shape
 * (d,).
 */
export interface Prediction {
  readonly mean: number;
  readonly sd: number;
  readonly meanGradient: Float64Array;
  readonly sdGradient: Float64Array;
}

/** A Gaussian process conditioned on data. */
export interface Regressor {
  readonly lengthScale: number;
  /**
   * Standard deviation of the targets, which is also the prior standard deviation of the process.
   */
  readonly unit: number;
  predict(point: Float64Array): Prediction;
}

/** The prior process: mean 0, standard deviation 1. */
export const UNFITTED: Regressor = {
  lengthScale: 1,
  unit: 1,
  predict: (point) => ({
    mean: 0,
    sd: 1,
    meanGradient: new Float64Array(point.length),
    sdGradient: new Float64Array(point.length),
  }),
};

/** Fits the length scale by maximum likelihood from 21 starts, and conditions on the data. */
export function fitRegressor(data: Data, settings: FitSettings): Regressor {
  const { mean, unit, scaled } = standardised(data.targets);
  const distances = distancesBetween(data.points);
  const logLength = bestLogLength(distances, scaled, settings);
  return conditioned(data.points, { mean, unit, scaled, distances, lengthScale: Math.exp(logLength) });
}

/**
 * Returns the log marginal likelihood of standardised targets and its derivative with respect to
 * log ℓ.
 *
 * @param distances - between points, shape (n, n)
 */
export function logLikelihood(distances: Float64Array, targets: Float64Array, logLength: number): [number, number] {
  const n = targets.length;
  const length = Math.exp(logLength);
  const lower = decompose(covariance(distances, n, length));
  if (lower === undefined) return [Number.NEGATIVE_INFINITY, 0];
  const weights = solveUpper(lower, solveLower(lower, targets));
  let value = -0.5 * n * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) value -= 0.5 * at(targets, i) * at(weights, i) + Math.log(at(lower, i * n + i));
  return [value, likelihoodSlope({ distances, lower, weights, length })];
}

/** Returns the Euclidean distances between points, shape (n, n). */
export function distancesBetween(points: readonly Float64Array[]): Float64Array {
  const n = points.length;
  const distances = new Float64Array(n * n);
  points.forEach((a, i) => {
    points.forEach((b, j) => {
      distances[i * n + j] = distance(a, b);
    });
  });
  return distances;
}

/** Scales targets to mean 0 and population variance 1. The unit of equal targets is 1. */
export function standardised(targets: Float64Array) {
  const n = targets.length;
  const mean = targets.reduce((sum, y) => sum + y, 0) / n;
  const sd = Math.sqrt(targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / n);
  const unit = sd < 10 * Number.EPSILON * Math.max(1, Math.abs(mean)) ? 1 : sd;
  return { mean, unit, scaled: targets.map((y) => (y - mean) / unit) };
}

function bestLogLength(distances: Float64Array, targets: Float64Array, { seed, lengthMin }: FitSettings): number {
  const lower = Float64Array.of(Math.log(lengthMin));
  const upper = Float64Array.of(Math.log(LENGTH_MAX));
  const evaluate = ([logLength]: Float64Array): Evaluation => {
    const [value, slope] = logLikelihood(distances, targets, logLength as number);
    return { value: -value, gradient: () => Float64Array.of(-slope) };
  };
  const candidates = starts(seed).map((start) => Float64Array.of(Math.max(at(lower, 0), start)));
  const minima = chosenStarts(candidates, evaluate, targets.length).map((start) =>
    minimiseBounded({
      evaluate,
      start,
      lower,
      upper,
      stepsMax: STEPS_MAX,
      gradientTolerance: GRADIENT_TOLERANCE,
      progressMin: 0,
    }),
  );
  const best = minima.reduce((least, other) => (other.value < least.value ? other : least));
  return at(best.point, 0);
}

/** Returns all starts for few points, otherwise the three with the largest likelihoods. */
function chosenStarts(
  candidates: readonly Float64Array[],
  evaluate: (start: Float64Array) => Evaluation,
  n: number,
): readonly Float64Array[] {
  if (n <= ALL_STARTS_POINTS_MAX) return candidates;
  const ranked = candidates.map((start) => ({ start, value: evaluate(start).value })).sort((a, b) => a.value - b.value);
  return ranked.slice(0, LIKELY_STARTS).map(({ start }) => start);
}

/**
 * Returns log ℓ of the starts: ℓ = 1, and draws between scikit-learn's bounds, whatever `lengthMin`
 * is.
 */
function starts(seed: number): number[] {
  const random = numpyRandom(seed);
  const [low, high] = [Math.log(1e-5), Math.log(1e5)];
  return [0, ...Array.from({ length: RESTARTS }, () => low + (high - low) * random.uniform())];
}

function covariance(distances: Float64Array, n: number, length: number): Float64Array {
  const matrix = distances.map((r) => correlation(r / length));
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1 + ALPHA;
  return matrix;
}

function correlation(s: number): number {
  const z = Math.sqrt(5) * s;
  return (1 + z + (z * z) / 3) * Math.exp(-z);
}

interface Solved {
  readonly distances: Float64Array;
  readonly lower: Float64Array;
  /** K⁻¹ y. */
  readonly weights: Float64Array;
  readonly length: number;
}

/**
 * Returns ½ tr((K⁻¹ y yᵀ K⁻¹ - K⁻¹) ∂K/∂log ℓ) with ∂k/∂log ℓ = z²/3 (1 + z) exp(-z) and z = √5 r /
 * ℓ.
 */
function likelihoodSlope({ distances, lower, weights, length }: Solved): number {
  const n = weights.length;
  let slope = 0;
  for (let j = 0; j < n; j++) {
    const column = solveUpper(lower, solveLower(lower, unitVector(n, j)));
    for (let i = 0; i < n; i++) {
      const z = (Math.sqrt(5) * at(distances, i * n + j)) / length;
      const byLength = ((z * z) / 3) * (1 + z) * Math.exp(-z);
      slope += 0.5 * (at(weights, i) * at(weights, j) - at(column, i)) * byLength;
    }
  }
  return slope;
}

interface Fitted {
  readonly mean: number;
  readonly unit: number;
  readonly scaled: Float64Array;
  readonly distances: Float64Array;
  readonly lengthScale: number;
}

function conditioned(points: readonly Float64Array[], fitted: Fitted): Regressor {
  const { mean, unit, scaled, distances, lengthScale } = fitted;
  const lower = decompose(covariance(distances, points.length, lengthScale));
  if (lower === undefined) return UNFITTED;
  const weights = solveUpper(lower, solveLower(lower, scaled));
  return {
    lengthScale,
    unit,
    predict(point) {
      const toPoints = points.map((other) => distance(point, other));
      const k = Float64Array.from(toPoints, (r) => correlation(r / lengthScale));
      const solved = solveUpper(lower, solveLower(lower, k));
      const variance = Math.max(0, 1 - dot(k, solved));
      const sd = Math.sqrt(variance);
      // ∂k/∂x = -(5/3ℓ²) (1 + z) exp(-z) (x - x_i)
      const slopes = toPoints.map((r) => {
        const z = (Math.sqrt(5) * r) / lengthScale;
        return (-5 / (3 * lengthScale * lengthScale)) * (1 + z) * Math.exp(-z);
      });
      const along = (factors: Float64Array) =>
        point.map((x, axis) =>
          points.reduce((sum, other, i) => sum + at(factors, i) * (slopes[i] as number) * (x - at(other, axis)), 0),
        );
      return {
        mean: mean + unit * dot(k, weights),
        sd: unit * sd,
        meanGradient: along(weights).map((slope) => unit * slope),
        sdGradient: along(solved).map((slope) => (sd === 0 ? 0 : (-unit * slope) / sd)),
      };
    },
  };
}

function unitVector(n: number, place: number): Float64Array {
  const vector = new Float64Array(n);
  vector[place] = 1;
  return vector;
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, x, i) => sum + (x - at(b, i)) ** 2, 0));
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
