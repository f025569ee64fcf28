// The outcomes of completed trials as oracles read them: means over executions, with their noise.

import type { Outcomes } from "@sintonia/tuning/objective/outcomes";
import { meanOf, varianceOf } from "@sintonia/tuning/selection/mean-interval";
import type { Trial } from "../state/study.js";
import { foldNoise } from "./fold-noise.js";

/** Returns a function that gives the outcomes of completed trials to oracles, with their noise. */
export function outcomeReader(
  trials: readonly Pick<Trial, "outcomes">[],
  folds: number | undefined,
): (trial: Pick<Trial, "outcomes">) => Outcomes {
  const variances = new Map<string, number>();
  const varianceOfName = (name: string) => {
    const variance = variances.get(name) ?? pooledVariance(trials, name, folds);
    variances.set(name, variance);
    return variance;
  };
  return ({ outcomes = {} }) =>
    Object.fromEntries(
      Object.entries(outcomes).map(([name, values]) => {
        const variance = values.length < 2 ? 0 : varianceOfName(name) / values.length;
        return [name, { value: meanOf(values), ...(variance > 0 ? { noiseVariance: variance } : {}) }];
      }),
    );
}

/**
 * Returns the variance of one execution's outcome: the mean of the trials' sample variances,
 * without the common effects of folds; 0 without trials of several executions.
 */
function pooledVariance(trials: readonly Pick<Trial, "outcomes">[], name: string, folds: number | undefined): number {
  const rows = trials.flatMap(({ outcomes }) => {
    const values = outcomes?.[name];
    return values === undefined || values.length < 2 ? [] : [values];
  });
  const ofFolds = folds === undefined ? undefined : foldNoise(rows.filter(({ length }) => length === folds));
  const variances = ofFolds ?? rows.map(varianceOf);
  return variances.length === 0 ? 0 : meanOf(variances);
}
