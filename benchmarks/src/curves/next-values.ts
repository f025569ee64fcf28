import { quasiRandomOracle } from "@sintonia/tuning/oracle/quasi-random/quasi-random-oracle";
import { deriveSeed } from "@sintonia/tuning/random/random";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";

/**
 * Returns the values of the next trial to record in a space without constraints: the next term of
 * the quasi-random oracle. After the last value of a finite space a new round begins with another
 * order.
 *
 * @param recorded - values of the trials before, in order
 */
export function nextValues(
  { objective, parameters, seed }: StudySpec,
  recorded: readonly ParameterValues[],
): ParameterValues {
  const suggest = (pending: readonly ParameterValues[], round: number) =>
    quasiRandomOracle.suggest({
      goal: objective.goal,
      space: parameters,
      constraints: [],
      completed: [],
      pending,
      infeasible: [],
      failed: [],
      pruned: [],
      trialNumber: pending.length,
      seed: deriveSeed(seed, "recorded-curves", round),
    });
  let [pending, round]: [readonly ParameterValues[], number] = [[], 0];
  for (const values of recorded) {
    if (pending.length > 0 && suggest(pending, round) === "exhausted") [pending, round] = [[], round + 1];
    pending = [...pending, values];
  }
  const next = suggest(pending, round);
  if (next !== "exhausted") return next.values;
  const first = suggest([], round + 1);
  if (first === "exhausted") throw new Error("the space has no point");
  return first.values;
}
