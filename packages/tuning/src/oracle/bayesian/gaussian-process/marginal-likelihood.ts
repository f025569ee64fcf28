// The logarithm of the marginal likelihood of the observations and its gradient by the logarithms of the kernel's
// parameters: Rasmussen, Williams, eqs. 5.8 and 5.9.
//
//   K   signal c(s) + noise I       shape (n, n)
//   α   K⁻¹ y                       shape (n,)
//   W   α αᵀ - K⁻¹                  shape (n, n): the gradient by θ is ½ Σ W ∂K/∂θ

import { factorizeWithJitter, inverse, logDeterminant, solve } from "../../../numeric/cholesky.js";
import { covarianceMatrix, pairDifferences, pairDistances } from "./covariance.js";
import { correlation, correlationSlope } from "./matern.js";
import type { KernelParameters, TrainingSet } from "./model.js";

export interface LogMarginalLikelihood {
  readonly value: number;
  /** By the logarithms of: each length scale, the signal variance, the noise variance; shape (d + 2,). */
  readonly gradient: Float64Array;
}

/**
 * Prepares the likelihood of a training set: what does not depend on the parameters is computed once.
 *
 * @returns a function of the parameters, undefined where the covariance matrix cannot be factorised
 */
export function marginalLikelihood(
  data: TrainingSet,
): (parameters: KernelParameters) => LogMarginalLikelihood | undefined {
  const differences = pairDifferences(data);
  return (parameters) => {
    const n = data.points.length;
    const distances = pairDistances(differences, parameters.lengthScales);
    const factor = factorizeWithJitter(covarianceMatrix(n, distances, parameters), n);
    if (factor === undefined) return undefined;
    const alpha = solve(factor, data.targets);
    const fit = data.targets.reduce((sum, y, i) => sum + y * (alpha[i] as number), 0);
    const value = -0.5 * (fit + logDeterminant(factor, n) + n * Math.log(2 * Math.PI));
    const weights = innerWeights(alpha, inverse(factor, n));
    return { value, gradient: gradientOf({ weights, differences, distances }, parameters) };
  };
}

function innerWeights(alpha: Float64Array, inverseMatrix: Float64Array): Float64Array {
  const n = alpha.length;
  return inverseMatrix.map((entry, at) => {
    const i = Math.floor(at / n);
    return (alpha[i] as number) * (alpha[at - i * n] as number) - entry;
  });
}

interface GradientParts {
  /** The matrix W. */
  readonly weights: Float64Array;
  readonly differences: Float64Array;
  readonly distances: Float64Array;
}

function gradientOf({ weights, differences, distances }: GradientParts, parameters: KernelParameters): Float64Array {
  const { lengthScales, signalVariance, noiseVariance } = parameters;
  const d = lengthScales.length;
  const n = Math.sqrt(weights.length);
  const gradient = new Float64Array(d + 2);
  let pair = 0;
  let trace = 0;
  let signal = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++, pair++) {
      const weight = weights[i * n + j] as number;
      signal += weight * correlation(distances[pair] as number);
      // ∂s/∂ln ℓ = -2 w Δ²; both triangles of the matrix count, which cancels the half.
      const slope = -2 * weight * signalVariance * correlationSlope(distances[pair] as number);
      for (let k = 0; k < d; k++) {
        gradient[k] = (gradient[k] as number) + slope * (differences[pair * d + k] as number);
      }
    }
    trace += weights[i * n + i] as number;
  }
  for (let k = 0; k < d; k++) gradient[k] = (gradient[k] as number) / (lengthScales[k] as number) ** 2;
  gradient[d] = signalVariance * (signal + trace / 2);
  gradient[d + 1] = (noiseVariance * trace) / 2;
  return gradient;
}
