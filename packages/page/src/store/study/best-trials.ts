import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { isBetter, objectiveOf } from "../../plot/data/study-data.js";

/** Returns the ids of the completed trials with the best objectives, at most `count`. */
export function bestTrials({ goal }: Pick<Study, "goal">, trials: Iterable<Trial>, count: number): ReadonlySet<string> {
  const completed = [...trials].flatMap((trial) => {
    const objective = objectiveOf(trial);
    return objective === undefined ? [] : [{ id: trial.id, objective }];
  });
  completed.sort(
    (a, b) => Number(isBetter(goal, b.objective, a.objective)) - Number(isBetter(goal, a.objective, b.objective)),
  );
  return new Set(completed.slice(0, count).map(({ id }) => id));
}
