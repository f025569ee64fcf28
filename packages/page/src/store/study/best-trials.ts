import { Goal, type Study, type Trial } from "@sintonia/proto/sintonia/v1/study";

/** Returns the ids of the completed trials with the best objectives, at most `count`. */
export function bestTrials({ goal }: Pick<Study, "goal">, trials: Iterable<Trial>, count: number): ReadonlySet<string> {
  const sign = goal === Goal.MINIMIZE ? 1 : -1;
  const completed = [...trials].flatMap(({ id, objective }) =>
    objective === undefined || !Number.isFinite(objective) ? [] : [{ id, cost: sign * objective }],
  );
  completed.sort((a, b) => a.cost - b.cost);
  return new Set(completed.slice(0, count).map(({ id }) => id));
}
