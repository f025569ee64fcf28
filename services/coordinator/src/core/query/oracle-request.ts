import type { Observation } from "@sintonia/tuning/objective/observation";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/oracle";
import { varianceOf } from "@sintonia/tuning/selection/mean-interval";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import { warmObservations } from "@sintonia/tuning/spec/given-trials";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { isOutstanding, type Study, type Trial, type TrialState } from "../state/study.js";
import { searchTrials } from "./replicates.js";

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
  const trials = searchTrials(study);
  const valuesOf = (state: TrialState) => trials.filter((trial) => trial.state === state).map((trial) => trial.values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    completed: [...warmOf(study.spec), ...trials.flatMap(observationOf)],
    pending: trials.filter(isOutstanding).map((trial) => trial.values),
    infeasible: valuesOf("infeasible"),
    failed: valuesOf("failed"),
    trialNumber,
    seed,
  };
}

function observationOf({ values, objective, objectives = [] }: Trial): readonly Observation[] {
  if (objective === undefined) return [];
  if (objectives.length < 2) return [{ values, objective }];
  return [{ values, objective, executions: { count: objectives.length, variance: varianceOf(objectives) } }];
}
