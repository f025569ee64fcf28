// Maximum a posteriori estimates of the parameters of a surrogate with fidelities, as in fit.ts.
//
//   θ   logarithms of the d length scales, the signal variance,
//       the noise variance, γ and the bend                         shape (d + 4,)

import { type BoundedProblem, type Evaluation, minimiseBounded } from "../../numeric/bounded-minimum.js";
import { bendMin, type FittedParameters, scalePriorsOf } from "../fit.js";
import {
  BEND_PRIOR,
  type LogNormalPrior,
  logDensity,
  MEAN_VARIANCE,
  NOISE_PRIOR,
  SIGNAL_PRIOR,
} from "../gaussian-process/prior.js";
import { warp } from "../warping/log-warp.js";
import { targetNoise } from "../warping/target-noise.js";
import type { RowParameters } from "./fidelity-covariance.js";
import { FidelityLikelihood } from "./fidelity-likelihood.js";
import { type FidelityRows, thinRows } from "./rows.js";

/** The parameters that the rows determine. */
export type FittedRows = FittedParameters & RowParameters;

/** The prior of γ: at depth 1, curves differ between distant points about as final results do. */
const CURVE_PRIOR: LogNormalPrior = { median: 1, spread: 2, min: 1e-4, max: 50 };
/**
 * The prior of the bend, in units of the median loss of all rows. Early results are spread evenly
 * over a long range, and alone they would ask for a linear warp; final results crowd at its good
 * end, where the search needs the resolution.
 */
const ROW_BEND: Pick<LogNormalPrior, "median" | "spread"> = { median: 0.3, spread: 0.5 };

/** Starts of the maximisation, as factors of the priors' medians; see `fitParameters`. */
const STARTS = [
  { lengthScale: 1, noise: 1 },
  { lengthScale: 0.3, noise: 0.1 },
  { lengthScale: 2, noise: 100 },
] as const;

/** Upper limit of rows of the fit, and of the comparison of the starts. */
const FIT_ROWS_MAX = 150;
const COMPARISON_ROWS_MAX = 50;
const COMPARISON_STEPS_MAX = 8;
const STEPS_MAX = 40;
const GRADIENT_TOLERANCE = 1e-2;
const PROGRESS_MIN = 1e-3;

/**
 * Returns the parameters at the maximum of the posterior density of θ, or at a local maximum.
 *
 * @param rows - at least one row of at least one dimension
 */
export function fitRows(rows: FidelityRows): FittedRows {
  const priors = priorsOf(rows);
  const fitted = thinRows(rows, FIT_ROWS_MAX);
  const subset = problemOf(thinRows(fitted, COMPARISON_ROWS_MAX), priors);
  const minima = STARTS.map((factors) =>
    minimiseBounded({ ...subset, start: startAt(priors, factors), stepsMax: COMPARISON_STEPS_MAX }),
  );
  const { point: start } = minima.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  return parametersAt(minimiseBounded({ ...problemOf(fitted, priors), start, stepsMax: STEPS_MAX }).point);
}

function priorsOf({ points, noise }: FidelityRows): LogNormalPrior[] {
  const bend = { ...BEND_PRIOR, ...ROW_BEND, min: bendMin(noise) };
  return [...scalePriorsOf(points), SIGNAL_PRIOR, NOISE_PRIOR, CURVE_PRIOR, bend];
}

function problemOf(rows: FidelityRows, priors: readonly LogNormalPrior[]): Omit<BoundedProblem, "start" | "stepsMax"> {
  return {
    evaluate: negativeLogPosterior(rows, priors),
    lower: Float64Array.from(priors, ({ min }) => Math.log(min)),
    upper: Float64Array.from(priors, ({ max }) => Math.log(max)),
    gradientTolerance: GRADIENT_TOLERANCE,
    progressMin: PROGRESS_MIN,
  };
}

function negativeLogPosterior(
  rows: FidelityRows,
  priors: readonly LogNormalPrior[],
): (logarithms: Float64Array) => Evaluation {
  const { losses, noise } = rows;
  const likelihood = new FidelityLikelihood(rows);
  return (logarithms) => {
    const fitted = parametersAt(logarithms);
    const warped = warp(losses, fitted.bend);
    const stated = noise && targetNoise({ losses, noise }, warped);
    const parameters = { ...fitted, statedNoise: stated?.variances };
    const evidence = likelihood.valueAt(parameters, warped.targets);
    if (evidence === undefined) {
      return { value: Number.POSITIVE_INFINITY, gradient: () => new Float64Array(priors.length) };
    }
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: -evidence - warped.logJacobian - densities.reduce((sum, { value }) => sum + value, 0),
      gradient() {
        const { gradient, alpha, byNoise } = likelihood.slopesAt(parameters, warped.targets);
        const byTargets = warped.targetSlopes.reduce((sum, slope, i) => sum - slope * (alpha[i] as number), 0);
        const byStated = stated?.slopes.reduce((sum, slope, i) => sum + slope * (byNoise[i] as number), 0) ?? 0;
        const slopes = [...gradient, byTargets + byStated + warped.logJacobianSlope];
        return Float64Array.from(slopes, (slope, i) => -slope - (densities[i]?.slope as number));
      },
    };
  };
}

function startAt(priors: readonly LogNormalPrior[], { lengthScale, noise }: (typeof STARTS)[number]): Float64Array {
  const d = priors.length - 4;
  const factors = [...new Array<number>(d).fill(lengthScale), 1, noise, 1, 1];
  return Float64Array.from(priors, ({ median, min, max }, i) =>
    Math.log(Math.min(max, Math.max(min, median * (factors[i] as number)))),
  );
}

function parametersAt(logarithms: Float64Array): FittedRows {
  const d = logarithms.length - 4;
  const [signalVariance, noiseVariance, curveVariance, bend] = Array.from(logarithms.subarray(d), Math.exp) as [
    number,
    number,
    number,
    number,
  ];
  const lengthScales = logarithms.slice(0, d).map(Math.exp);
  return { lengthScales, signalVariance, noiseVariance, curveVariance, bend, meanVariance: MEAN_VARIANCE };
}
