import type { SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import { warmObservations } from "@sintonia/tuning/spec/given-trials";
import { isOutstanding, type Study, type TrialState } from "./study.js";

/** What the oracle may know, in the order of trial numbers: never of who finished first. */
export function suggestionRequest(study: Study, trialNumber: number): SuggestionRequest {
  const { parameters, constraints = [], objective, seed } = study.spec;
  const valuesOf = (state: TrialState) =>
    study.trials.filter((trial) => trial.state === state).map((trial) => trial.values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    completed: [
      ...warmObservations(study.spec),
      ...study.trials.flatMap((trial) =>
        trial.objective === undefined ? [] : [{ values: trial.values, objective: trial.objective }],
      ),
    ],
    pending: study.trials.filter(isOutstanding).map((trial) => trial.values),
    infeasible: valuesOf("infeasible"),
    failed: valuesOf("failed"),
    trialNumber,
    seed,
  };
}
