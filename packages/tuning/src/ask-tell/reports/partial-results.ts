import type { PartialResult } from "../../objective/observation.js";
import { longestTraining, partialResults } from "../../pruner/learning-curve/partial-results.js";
import { resolveMaxEpochs } from "../../spec/resolve.js";
import type { OracleSettings } from "../../spec/study-spec.js";
import { learningCurves, type TrainedTrial } from "./learning-curves.js";
import type { PrunedSpec } from "./verdicts.js";

/**
 * Returns what trials had reported before the end of their training, for an oracle that learns from
 * it.
 *
 * @param trials - in the order of their numbers
 * @returns undefined if the spec's oracle has no fidelity
 */
export function partialResultsOf(
  spec: PrunedSpec & { readonly oracle: OracleSettings },
  trials: readonly TrainedTrial[],
): readonly PartialResult[] | undefined {
  if (spec.oracle.fidelity !== "epochs") return undefined;
  const curves = learningCurves(trials);
  const longest = longestTraining(spec.pruner, curves);
  const trained = curves.map((curve) => {
    const { values } = trials[curve.trialNumber] as TrainedTrial;
    return { values, curve, maxEpochs: resolveMaxEpochs(spec, values) ?? longest };
  });
  return partialResults(trained, spec.objective.goal);
}
