// Maximum a posteriori estimates of the length scales and the variance of the latent process.
//
//   d   number of dimensions
//   θ   logarithms of the d length scales and of the variance      shape (d + 1,)
//   s   variance of the latent process, and of its mean
//   C   correlations of the points                                 shape (pairs,)
//   K   s (C + 1)                                                  packed, n rows
//   m   PRIOR_MEAN √s
//   S   as in expectation-propagation.ts
//   b   S⁻¹ (ν / τ)                                                shape (n,)
//   M   b bᵀ - S⁻¹                                                 packed, n rows
//
//   maximise over θ:   ln Z(θ) + ln p(θ)
//   ∂ln Z / ∂θ_k     = ½ Σ_ij M_ij ∂K_ij/∂θ_k + Σ_i b_i ∂m/∂θ_k
//
// The sites depend on θ, but ln Z is stationary with respect to them: Rasmussen, Williams, Gaussian
// Processes for Machine Learning, 2006, eq. 5.27.

import { type Evaluation, minimiseBounded } from "../../../numeric/bounded-minimum.js";
import { invertFromFactor, invertLower, packedLength } from "../../../numeric/triangle.js";
import { correlatePairs } from "../../../surrogate/gaussian-process/batched-correlations.js";
import { pairDifferences } from "../../../surrogate/gaussian-process/covariance.js";
import type { PointSet } from "../../../surrogate/gaussian-process/model.js";
import {
  type LogNormalPrior,
  lengthScalePrior,
  logDensity,
  nominalScalePrior,
} from "../../../surrogate/gaussian-process/prior.js";
import { propagate, type Sites } from "./expectation-propagation.js";

/** Points with their labels. */
export interface LabelledPoints {
  readonly points: PointSet;
  /** 1 for a trial with an objective, -1 for a trial without; shape (n,). */
  readonly labels: readonly (1 | -1)[];
}

/** The parameters of the latent process. */
export interface LatentParameters {
  /** Shape (d,), in units of the cube's edge. */
  readonly lengthScales: Float64Array;
  /** s. */
  readonly variance: number;
}

/** Prior mean of the latent values in units of √s: most points are feasible. */
export const PRIOR_MEAN = 1;

/** Upper limit of steps of the fit; each costs one or two runs of expectation propagation. */
const STEPS_MAX = 20;
/** Largest slope of the log posterior density by a component of θ at which the fit ends. */
const GRADIENT_TOLERANCE = 1e-2;
/** Smallest gain of log posterior density; a step with less hardly changes the probabilities. */
const PROGRESS_MIN = 1e-2;

/** Returns the parameters at a maximum of the posterior density of θ. */
export function fitLatent(labelled: LabelledPoints, variance: LogNormalPrior): LatentParameters {
  const priors = [...scalePriors(labelled.points), variance];
  const evaluate = negativeLogPosterior(labelled, priors);
  const { point } = minimiseBounded({
    evaluate,
    start: Float64Array.from(priors, ({ median }) => Math.log(median)),
    lower: Float64Array.from(priors, ({ min }) => Math.log(min)),
    upper: Float64Array.from(priors, ({ max }) => Math.log(max)),
    stepsMax: STEPS_MAX,
    gradientTolerance: GRADIENT_TOLERANCE,
    progressMin: PROGRESS_MIN,
  });
  return parametersAt(point);
}

function scalePriors({ kinds }: PointSet): LogNormalPrior[] {
  const d = kinds.length;
  const nominal = kinds.filter(({ isNominal }) => isNominal).length;
  return kinds.map(({ isNominal }) => (isNominal ? nominalScalePrior(d, nominal) : lengthScalePrior(d)));
}

function parametersAt(logarithms: Float64Array): LatentParameters {
  const d = logarithms.length - 1;
  return { lengthScales: logarithms.slice(0, d).map(Math.exp), variance: Math.exp(logarithms[d] as number) };
}

/** Returns -ln Z - ln p(θ) as a function of θ. */
export function negativeLogPosterior(
  { points, labels }: LabelledPoints,
  priors: readonly LogNormalPrior[],
): (logarithms: Float64Array) => Evaluation {
  const differences = pairDifferences(points);
  const pairs = (points.count * (points.count - 1)) / 2;
  return (logarithms) => {
    const parameters = parametersAt(logarithms);
    const [correlations, slopes] = [new Float64Array(pairs), new Float64Array(pairs)];
    const weights = parameters.lengthScales.map((length) => 1 / length ** 2);
    correlatePairs(differences, weights, { correlations, slopes });
    const covariance = covarianceOf(correlations, points.count, parameters.variance);
    const mean = PRIOR_MEAN * Math.sqrt(parameters.variance);
    const sites = propagate({ labels, mean, covariance });
    if (sites === undefined) {
      return { value: Number.POSITIVE_INFINITY, gradient: () => new Float64Array(priors.length) };
    }
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: densities.reduce((sum, { value }) => sum - value, -sites.logEvidence),
      gradient: () => {
        const slope = evidenceSlopes({ sites, covariance, mean, differences, slopes, parameters });
        return slope.map((byEvidence, i) => -byEvidence - (densities[i]?.slope as number));
      },
    };
  };
}

/** Returns K; packed, n rows. */
function covarianceOf(correlations: Float64Array, n: number, variance: number): Float64Array {
  const covariance = new Float64Array(packedLength(n));
  for (let i = 0, at = 0, pair = 0; i < n; i++) {
    for (let j = 0; j < i; j++) covariance[at++] = variance * ((correlations[pair++] as number) + 1);
    covariance[at++] = 2 * variance;
  }
  return covariance;
}

interface Slopes {
  readonly sites: Sites;
  readonly covariance: Float64Array;
  readonly mean: number;
  readonly differences: Float64Array;
  /** ∂C/∂s of the squared distances; shape (pairs,). */
  readonly slopes: Float64Array;
  readonly parameters: LatentParameters;
}

/** Returns ∂ln Z / ∂θ; shape (d + 1,). */
function evidenceSlopes({ sites, covariance, mean, differences, slopes, parameters }: Slopes): Float64Array {
  const { lengthScales, variance } = parameters;
  const d = lengthScales.length;
  const { matrix, byMean } = slopeWeights(sites);
  const weighted = new Float64Array(slopes.length);
  let byVariance = 0;
  for (let i = 0, at = 0, pair = 0; i < sites.weights.length; i++) {
    for (let j = 0; j < i; j++, at++, pair++) {
      const weight = matrix[at] as number;
      byVariance += weight * (covariance[at] as number);
      weighted[pair] = weight * (slopes[pair] as number);
    }
    byVariance += 0.5 * (matrix[at] as number) * (covariance[at] as number);
    at++;
  }
  const gradient = new Float64Array(d + 1);
  for (let k = 0; k < d; k++) {
    let sum = 0;
    const start = k * slopes.length;
    for (let pair = 0; pair < slopes.length; pair++) {
      sum += (weighted[pair] as number) * (differences[start + pair] as number);
    }
    // ∂(squared distance)/∂ln ℓ = -2 Δ² / ℓ². The sum over both triangles is twice this sum.
    gradient[k] = (-2 * variance * sum) / (lengthScales[k] as number) ** 2;
  }
  gradient[d] = byVariance + 0.5 * byMean * mean;
  return gradient;
}

/** Returns M and Σ b_i. */
function slopeWeights({ weights, factor }: Sites): { readonly matrix: Float64Array; readonly byMean: number } {
  const n = weights.length;
  const matrix = new Float64Array(packedLength(n));
  const inverse = new Float64Array(packedLength(n));
  invertLower(factor, n, matrix);
  invertFromFactor(matrix, n, inverse);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j <= i; j++, at++) {
      matrix[at] = (weights[i] as number) * (weights[j] as number) - (inverse[at] as number);
    }
  }
  return { matrix, byMean: weights.reduce((sum, b) => sum + b, 0) };
}
