// The covariance of results at fidelities: a final result is f, and a result before it lacks the
// increments between.
//
//   y_i = f(x_i) + e_i + normal(0, noise_i)
//   Cov(e_i, e_j) = b_ij (τ + γ c(s_ij) + κ [i and j are of the same trial])
//   b_ij          = min(h_i, h_j), see rows.ts
//
//   τ   variance of the trend that all learning curves share
//   γ   variance of increments that are alike at neighbouring points
//   κ   variance of increments of a trial on its own, a constant
//
// e is a sum of Wiener processes in h that are 0 at h = 0, so that results of one trial share the
// increments which they both lack. As e is 0 for final results, the covariance of a row with f is
// that of the model of final results: predictions need no fidelity. Freeze-thaw optimisation
// (Swersky, Snoek, Adams, 2014) separates asymptote and curve in the same way.

import { factorizeWithJitter } from "../../numeric/cholesky.js";
import { invertLower, packedLength } from "../../numeric/triangle.js";
import { PriorCovariance } from "../gaussian-process/covariance.js";
import { correlation, type DimensionKind, squaredDifference } from "../gaussian-process/matern.js";
import { type KernelParameters, noiseAt, withPoints } from "../gaussian-process/model.js";
import { Posterior } from "../gaussian-process/posterior.js";
import type { FidelityRows } from "./rows.js";

/** The parameters of the process. */
export interface RowParameters extends KernelParameters {
  /** γ, in units of the variance of the targets. */
  readonly curveVariance: number;
}

/** τ. Curves may lie far below their ends, and the results themselves show how far. */
export const TREND_VARIANCE = 4;

/**
 * κ. The likelihood would set it near 0, because most increments between two early results are
 * small. A trial that has learned nothing in its first epochs may still end among the best: with
 * estimated κ, the log score of the final results of recorded curves falls by about 0.5.
 */
export const TRIAL_VARIANCE = 3;

/**
 * Conditions the process of final results on rows.
 *
 * @param pending - points without a result that follow the rows, each of shape (d,)
 * @returns undefined if the covariance cannot be factorised
 */
export function conditionOnRows(
  rows: FidelityRows,
  targets: Float64Array,
  parameters: RowParameters,
  pending: readonly Float64Array[] = [],
): Posterior | undefined {
  const points = withPoints(rows.points, pending);
  const n = points.count;
  const matrix = new Float64Array(packedLength(n));
  const factor = new Float64Array(packedLength(n));
  fillRowCovariance({ ...rows, points }, parameters, matrix);
  if (!factorizeWithJitter(matrix, n, factor)) return undefined;
  invertLower(factor, n, matrix);
  return new Posterior(points, parameters, [matrix, targets]);
}

/** Fills a packed matrix with the covariances of rows, and of points without a row at the end. */
function fillRowCovariance(
  { points: { kinds, count, coordinates }, depths, trials }: FidelityRows,
  parameters: RowParameters,
  matrix: Float64Array,
): void {
  const { lengthScales, curveVariance } = parameters;
  const prior = new PriorCovariance(parameters);
  const d = kinds.length;
  let next = 0;
  for (let i = 0; i < count; i++) {
    const depth = depths[i] ?? 0;
    for (let j = 0; j < i; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) {
        const [a, b] = [coordinates[i * d + k] as number, coordinates[j * d + k] as number];
        s += squaredDifference(kinds[k] as DimensionKind, a, b) / (lengthScales[k] as number) ** 2;
      }
      const c = correlation(s);
      const shared = Math.min(depth, depths[j] ?? 0);
      const own = trials[i] === trials[j] ? TRIAL_VARIANCE : 0;
      matrix[next++] = prior.between(c, 0) + shared * (TREND_VARIANCE + curveVariance * c + own);
    }
    const increments = depth * (TREND_VARIANCE + curveVariance + TRIAL_VARIANCE);
    matrix[next++] = prior.variance + increments + noiseAt(parameters, i);
  }
}
