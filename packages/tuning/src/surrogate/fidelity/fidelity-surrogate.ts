// The surrogate of final results that also knows results before the end of trainings.

import { upperMedian } from "../../numeric/vector.js";
import type { StudyHistory } from "../../objective/observation.js";
import type { DesignSpace } from "../../space/design-space.js";
import type { ParameterValues } from "../../space/parameter.js";
import type { Surrogate } from "../surrogate.js";
import { type Warped, warp } from "../warping/log-warp.js";
import { targetNoise } from "../warping/target-noise.js";
import { conditionOnRows } from "./fidelity-covariance.js";
import { type FittedRows, fitRows } from "./fit-rows.js";
import { type FidelityRows, finalRows, rowsOf } from "./rows.js";

/** A surrogate of final results, conditioned on rows; `sample` has the results of `finalRows`. */
export interface FidelitySurrogate extends Surrogate {
  readonly parameters: FittedRows;
  readonly rows: FidelityRows;
}

/**
 * Fits a surrogate to the results of a history, of which there is at least one.
 *
 * @param pending - values of trials under way, also of those that have results already
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function fitFidelitySurrogate(
  history: StudyHistory,
  design: DesignSpace,
  pending: readonly ParameterValues[] = [],
): FidelitySurrogate | undefined {
  const rows = rowsOf(history, design);
  const fitted = fitRows(rows);
  const warped = warp(rows.losses, fitted.bend);
  const parameters = withStatedNoise(fitted, rows, warped);
  const posterior = conditionOnRows(rows, warped.targets, parameters, pending.map(design.encode));
  if (posterior === undefined) return undefined;
  return { sample: finalRows(rows), rows, parameters, warped, posterior };
}

/** Returns true if a surrogate knows results before the end of trainings. */
export function isFidelitySurrogate(surrogate: Surrogate): surrogate is FidelitySurrogate {
  return "rows" in surrogate;
}

/** Adds the stated noise variances; their median is the noise of rows and trials without one. */
function withStatedNoise(fitted: FittedRows, { losses, noise, finals }: FidelityRows, warped: Warped): FittedRows {
  if (noise === undefined) return fitted;
  const statedNoise = targetNoise({ losses, noise }, warped).variances;
  const known = statedNoise.subarray(0, finals);
  if (known.some(Number.isNaN)) return { ...fitted, statedNoise };
  return { ...fitted, statedNoise, noiseVariance: Math.min(1, upperMedian(known) as number) };
}
