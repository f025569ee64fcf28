import type { PartialResult } from "../../objective/observation.js";
import { longestTraining, partialResults } from "../../pruner/learning-curve/partial-results.js";
import { warmPartials } from "../../spec/given-trials.js";
import { resolveMaxEpochs } from "../../spec/resolve.js";
import type { OracleSettings, WarmObservation } from "../../spec/study-spec.js";
import { learningCurves, type TrainedTrial } from "./learning-curves.js";
import type { PrunedSpec } from "./verdicts.js";

/** The part of a spec on which the results below the full budget depend. */
interface LearningSpec extends PrunedSpec {
  readonly oracle: OracleSettings;
  readonly warmStart?: readonly WarmObservation[];
}

/** A trial, or a told result below the full budget, which has a fidelity. */
interface ToldTrial extends TrainedTrial {
  readonly objective?: number;
  readonly fidelity?: number;
}

/**
 * Returns the results below the full budget for an oracle that learns from them: those of other
 * studies, those that the program told, and what trials had reported before the end of their
 * training.
 *
 * @param trials - in the order of their numbers
 * @returns undefined if the spec's oracle has no fidelity
 */
export function partialResultsOf(
  spec: LearningSpec,
  trials: readonly ToldTrial[],
): readonly PartialResult[] | undefined {
  if (spec.oracle.fidelity !== "epochs") return undefined;
  const curves = learningCurves(trials);
  const longest = longestTraining(spec.pruner, curves);
  const trained = curves.map((curve) => {
    const { values } = trials[curve.trialNumber] as ToldTrial;
    return { values, curve, maxEpochs: resolveMaxEpochs(spec, values) ?? longest };
  });
  const told = trials.flatMap(({ values, objective, fidelity }) =>
    objective === undefined || fidelity === undefined ? [] : [{ values, objective, fidelity }],
  );
  return [...warmPartials(spec), ...told, ...partialResults(trained, spec.objective.goal)];
}
