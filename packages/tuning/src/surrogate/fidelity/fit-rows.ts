// Maximum a posteriori estimates of the parameters of a surrogate with fidelities, as in fit.ts.
//
//   θ   logarithms of the d length scales, the signal variance,
//       the noise variance, γ and the bend                         shape (d + 4,)

import { bendMin, type FittedParameters, scalePriorsOf } from "../fit.js";
import {
  BEND_PRIOR,
  type LogNormalPrior,
  MEAN_VARIANCE,
  NOISE_PRIOR,
  SIGNAL_PRIOR,
} from "../gaussian-process/prior.js";
import { posteriorMaximum } from "../posterior-maximum.js";
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

/** Upper limit of rows of the fit, and of the comparison of the starts. */
const FIT_ROWS_MAX = 150;
const COMPARISON_ROWS_MAX = 50;
const COMPARISON_STEPS_MAX = 8;

/**
 * Returns the parameters at the maximum of the posterior density of θ, or at a local maximum.
 *
 * @param rows - at least one row of at least one dimension
 */
export function fitRows(rows: FidelityRows): FittedRows {
  const fitted = thinRows(rows, FIT_ROWS_MAX);
  return posteriorMaximum({
    data: fitted,
    few: thinRows(fitted, COMPARISON_ROWS_MAX),
    comparisonSteps: COMPARISON_STEPS_MAX,
    priors: priorsOf(rows),
    dimensions: rows.points.kinds.length,
    likelihoodOf: (data) => new FidelityLikelihood(data),
    parametersAt,
  });
}

function priorsOf({ points, noise }: FidelityRows): LogNormalPrior[] {
  const bend = { ...BEND_PRIOR, ...ROW_BEND, min: bendMin(noise) };
  return [...scalePriorsOf(points), SIGNAL_PRIOR, NOISE_PRIOR, CURVE_PRIOR, bend];
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
