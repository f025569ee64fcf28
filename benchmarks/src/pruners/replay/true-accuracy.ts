import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { beliefsAt } from "@sintonia/tuning/surrogate/belief/belief";
import type { RecordedSet } from "./recorded-set.js";

/**
 * Returns the true accuracy of each trial of a set: test accuracies smoothed over the parameters by
 * a Gaussian process, since one test accuracy is noisy. Trials that diverged have 0.
 */
export function trueAccuracies({ trials, space }: RecordedSet): number[] {
  const tested = trials.flatMap(({ recorded: { values }, test }) => (test === undefined ? [] : [{ values, test }]));
  const values: readonly ParameterValues[] = tested.map((trial) => trial.values);
  const beliefs = beliefsAt(
    {
      goal: "maximize",
      space,
      constraints: [],
      completed: tested.map((trial) => ({ values: trial.values, objective: trial.test })),
      infeasible: [],
      failed: [],
      pruned: [],
      seed: 1,
    },
    values,
  );
  const means = tested.map(({ test }, i) => beliefs?.[i]?.mean ?? test);
  let next = 0;
  return trials.map(({ test }) => (test === undefined ? 0 : (means[next++] as number)));
}
