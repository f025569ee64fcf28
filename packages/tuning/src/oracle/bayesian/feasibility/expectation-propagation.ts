// Expectation propagation for a Gaussian process with labels.
//
//   n         number of labelled points
//   y         labels: 1 for a trial with an objective, -1 for a trial without    shape (n,)
//   m         prior mean of the latent values, a constant
//   h         latent values, less m; p(y_i | h_i) = Φ(y_i (h_i + m))             shape (n,)
//   K         prior covariance of h                                             packed, n rows
//   ν, τ      natural parameters of the sites: site i is exp(ν_i h - ½ τ_i h²)   shape (n,)
//   Σ, μ      approximate posterior of h, Σ = (K⁻¹ + diag τ)⁻¹, μ = Σ ν          shape (n, n), (n,)
//   S         K + diag(1 / τ)                                                   packed, n rows
//   -i        the cavity: the posterior without site i
//   Z         approximate evidence, the probability of the labels
//
// The posterior is that of a regression on targets ν / τ with noise variances 1 / τ. Labels make
// the true posterior skewed: Laplace's approximation, at its mode, would give probabilities much
// nearer to 1/2 (Kuss, Rasmussen 2005).
//
// Rasmussen, Williams, Gaussian Processes for Machine Learning, 2006, section 3.6, algorithm 3.5.

import {
  factorizeInPlace,
  logDeterminant,
  solveLowerInPlace,
  solveLowerTransposedInPlace,
} from "../../../numeric/cholesky.js";
import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/distribution/normal-distribution.js";
import { packedLength } from "../../../numeric/triangle.js";
import { dot } from "../../../numeric/vector.js";

/** The labels of points and the prior of their latent values. */
export interface LatentPrior {
  readonly labels: readonly (1 | -1)[];
  /** m. */
  readonly mean: number;
  /** K; packed, n rows. */
  readonly covariance: Float64Array;
}

/** Gaussian factors in place of the labels. */
export interface Sites {
  /** ν / τ; shape (n,). */
  readonly targets: Float64Array;
  /** 1 / τ; shape (n,). */
  readonly noise: Float64Array;
  /** ln Z. */
  readonly logEvidence: number;
  /** Cholesky factor of S; packed, n rows. */
  readonly factor: Float64Array;
  /** S⁻¹ (ν / τ); shape (n,). */
  readonly weights: Float64Array;
}

/** Upper limit of passes over the sites; most runs need five to ten. */
const PASSES_MAX = 20;
/** Largest change of a site's μ, in posterior standard deviations, at which the passes end. */
const CHANGE_MAX = 1e-2;
/**
 * Smallest τ. A label far on its own side carries no information; the bound keeps 1 / τ finite.
 */
const PRECISION_MIN = 1e-8;

/**
 * Computes the sites.
 *
 * @returns undefined if rounding errors leave S without a Cholesky factor
 */
export function propagate(prior: LatentPrior): Sites | undefined {
  const state = initialState(prior);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    let change = 0;
    for (let i = 0; i < prior.labels.length; i++) change = Math.max(change, updateSite(state, prior, i));
    if (change <= CHANGE_MAX) break;
  }
  return sitesOf(state, prior);
}

/**
 * Smallest precision of a cavity, relative to that of the posterior. Rounding errors could make
 * smaller precisions negative.
 */
const CAVITY_SHARE_MIN = 1e-9;

interface State {
  readonly n: number;
  readonly shifts: Float64Array;
  readonly precisions: Float64Array;
  /** Σ; packed, n rows. */
  readonly covariance: Float64Array;
  /** μ. */
  readonly mean: Float64Array;
}

function initialState({ labels, covariance }: LatentPrior): State {
  const n = labels.length;
  const zeros = () => new Float64Array(n);
  return { n, shifts: zeros(), precisions: zeros(), covariance: covariance.slice(), mean: zeros() };
}

/** Mean and variance of h_i without site i. */
interface Cavity {
  readonly mean: number;
  readonly variance: number;
}

function cavityOf({ shifts, precisions, covariance, mean }: State, i: number): Cavity {
  const variance = covariance[packedLength(i + 1) - 1] as number;
  const precision = Math.max(1 / variance - at(precisions, i), CAVITY_SHARE_MIN / variance);
  return { mean: ((mean[i] as number) / variance - (shifts[i] as number)) / precision, variance: 1 / precision };
}

/** Matches the moments of the posterior at point i. Returns the change of μ_i / √Σ_ii. */
function updateSite(state: State, { labels, mean: priorMean }: LatentPrior, i: number): number {
  const { shifts, precisions } = state;
  const label = labels[i] as number;
  const cavity = cavityOf(state, i);
  const spread = Math.sqrt(1 + cavity.variance);
  const z = (label * (cavity.mean + priorMean)) / spread;
  const ratio = logNormalCdfSlope(z);
  const mean = cavity.mean + (label * cavity.variance * ratio) / spread;
  const variance = cavity.variance - (cavity.variance / spread) ** 2 * ratio * (z + ratio);
  const precision = Math.max(PRECISION_MIN, 1 / variance - 1 / cavity.variance);
  const shift = mean * (precision + 1 / cavity.variance) - cavity.mean / cavity.variance;
  const change = addToSite(state, i, { shift: shift - at(shifts, i), precision: precision - at(precisions, i) });
  shifts[i] = shift;
  precisions[i] = precision;
  return change;
}

/** Adds to the natural parameters of site i: a change of Σ of rank one. */
function addToSite(
  { n, covariance, mean }: State,
  i: number,
  { shift, precision }: { readonly shift: number; readonly precision: number },
): number {
  const column = columnOf(covariance, i, n);
  const variance = column[i] as number;
  const share = precision / (1 + precision * variance);
  const gain = shift * (1 - share * variance) - share * (mean[i] as number);
  for (let j = 0, entry = 0; j < n; j++) {
    const scaled = share * (column[j] as number);
    mean[j] = (mean[j] as number) + gain * (column[j] as number);
    for (let k = 0; k <= j; k++, entry++) covariance[entry] = at(covariance, entry) - scaled * (column[k] as number);
  }
  return Math.abs(gain) * Math.sqrt(variance);
}

/** Returns column i of a packed symmetric matrix of n rows. */
function columnOf(matrix: Float64Array, i: number, n: number): Float64Array {
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) column[j] = at(matrix, j <= i ? packedLength(i) + j : packedLength(j) + i);
  return column;
}

function sitesOf(state: State, prior: LatentPrior): Sites | undefined {
  const { n, shifts, precisions } = state;
  const factor = prior.covariance.slice();
  const noise = precisions.map((precision) => 1 / precision);
  for (let i = 0; i < n; i++) {
    const diagonal = packedLength(i + 1) - 1;
    factor[diagonal] = at(factor, diagonal) + at(noise, i);
  }
  if (!factorizeInPlace(factor, n)) return undefined;
  const targets = shifts.map((shift, i) => shift * at(noise, i));
  const weights = targets.slice();
  solveLowerInPlace(factor, weights);
  solveLowerTransposedInPlace(factor, weights);
  const ofSites = prior.labels.reduce((sum, label, i) => {
    const cavity = cavityOf(state, i);
    const z = (label * (cavity.mean + prior.mean)) / Math.sqrt(1 + cavity.variance);
    const variance = cavity.variance + at(noise, i);
    return sum + logNormalCdf(z) + 0.5 * (Math.log(variance) + (cavity.mean - at(targets, i)) ** 2 / variance);
  }, 0);
  const logEvidence = ofSites - 0.5 * (logDeterminant(factor, n) + dot(targets, weights));
  return { targets, noise, logEvidence, factor, weights };
}

function at(values: Float64Array, i: number): number {
  return values[i] as number;
}
