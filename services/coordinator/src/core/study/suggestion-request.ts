import type { Observation, SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import { warmObservations } from "@sintonia/tuning/spec/given-trials";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { isOutstanding, type Study, type TrialState } from "./study.js";

/** Specs never change: a thousand results of other studies are looked through once. */
const warm = new WeakMap<StudySpec, readonly Observation[]>();

function warmOf(spec: StudySpec): readonly Observation[] {
  const observations = warm.get(spec) ?? warmObservations(spec);
  warm.set(spec, observations);
  return observations;
}

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
      ...warmOf(study.spec),
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
