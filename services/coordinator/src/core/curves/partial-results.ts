import type { PartialResult } from "@sintonia/tuning/objective/observation";
import { longestTraining, partialResults } from "@sintonia/tuning/pruner/learning-curve/partial-results";
import { warmPartials } from "@sintonia/tuning/spec/given-trials";
import { resolveMaxEpochs } from "@sintonia/tuning/spec/resolve";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Trial } from "../state/study.js";
import { learningCurve } from "./learning-curve.js";

/**
 * Returns the results of other studies below the full budget, and what trials had reached before
 * the end of their training, for an oracle that learns from them.
 *
 * @param trials - those of the search, in the order of their numbers
 * @returns undefined if the spec's oracle has no fidelity
 */
export function partialResultsOf(spec: StudySpec, trials: readonly Trial[]): readonly PartialResult[] | undefined {
  if (spec.oracle.fidelity !== "epochs") return undefined;
  const trained = trials.map((trial) => ({ values: trial.values, curve: learningCurve(trial, spec.objective) }));
  const longest = longestTraining(
    spec.pruner,
    trained.map(({ curve }) => curve),
  );
  const own = partialResults(
    trained.map((trial) => ({ ...trial, maxEpochs: resolveMaxEpochs(spec, trial.values) ?? longest })),
    spec.objective.goal,
  );
  return [...warmPartials(spec), ...own];
}
