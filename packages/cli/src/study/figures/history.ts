import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { betterObjective } from "../goal.js";

/** A completed trial, and the best objective up to it. */
export interface HistoryPoint {
  readonly trial: string;
  readonly objective: number;
  readonly best: number;
}

/** Returns the completed trials of a study by number, without those that execute others again. */
export function historyOf({ goal }: Pick<Study, "goal">, trials: readonly Trial[]): readonly HistoryPoint[] {
  let best: number | undefined;
  return trials.flatMap(({ id, objective, replicates }) => {
    if (objective === undefined || replicates !== undefined) return [];
    best = betterObjective(goal, best, objective) ?? objective;
    return [{ trial: id, objective, best }];
  });
}
