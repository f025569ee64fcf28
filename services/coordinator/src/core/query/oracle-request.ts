// The arguments of the oracle and of the selection rule. Both see trials in the order of their
// numbers, whoever ended first.

import type { Observation } from "@sintonia/tuning/objective/observation";
import { isOracleChoice, type Suggestion, type SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { foldsOf } from "@sintonia/tuning/plan/data-set/file-data-set";
import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import { varianceOf } from "@sintonia/tuning/selection/mean-interval";
import type { Contender, SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import { warmObservations } from "@sintonia/tuning/spec/given-trials";
import { selectionOf } from "@sintonia/tuning/spec/selection";
import { objectiveRange, type StudySpec } from "@sintonia/tuning/spec/study-spec";
import { partialResultsOf } from "../curves/partial-results.js";
import type { Measurements } from "../measurements/measurements.js";
import { aimsOfStudy } from "../outcomes/aims.js";
import { foldNoise } from "../outcomes/fold-noise.js";
import { outcomeReader } from "../outcomes/outcome-reader.js";
import { waitingPoint } from "../points/enqueued.js";
import { needsCaution } from "../state/failures.js";
import { isOutstanding, type Study, type Trial, type TrialState } from "../state/study.js";
import { bestMeasurement } from "./objective.js";
import { searchTrials } from "./replicates.js";

/** Returns the next enqueued point; undefined if all of them have trials. */
export function enqueuedSuggestion(study: Study): Suggestion | undefined {
  const point = waitingPoint(study);
  return point === undefined ? undefined : { values: point.values, source: "enqueued" };
}

/** Returns the oracle's arguments for a suggestion. */
export function suggestionRequest(study: Study, trialNumber: number): SuggestionRequest {
  const { parameters, constraints = [], objective, seed } = study.spec;
  const aims = aimsOfStudy(study);
  const trials = searchTrials(study);
  const own = trials.filter(({ source }) => source !== "replicate" && isOracleChoice(source));
  const latest = own.at(-1);
  const partial = partialResultsOf(study.spec, trials);
  const valuesOf = (state: TrialState) => trials.filter((trial) => trial.state === state).map((trial) => trial.values);
  return {
    space: parameters,
    constraints: constraintsOf(constraints),
    goal: objective.goal,
    ...(aims === undefined ? {} : { aims }),
    completed: [...warmObservations(study.spec), ...observationsOf(study, trials)],
    pending: trials.filter(isWithoutResult).map((trial) => trial.values),
    infeasible: valuesOf("infeasible"),
    failed: valuesOf("failed"),
    ...prunedOf(study, trials),
    ...(partial && { partial }),
    trialNumber,
    suggestionIndex: own.length,
    ...(latest === undefined ? {} : { latestSuggestion: latest.values }),
    isCautious: needsCaution(study),
    seed,
  };
}

/**
 * Tells whether a trial has no result for the oracle: it has not ended, or was cancelled. A
 * cancelled trial says nothing about its values, and they are not proposed again.
 */
function isWithoutResult(trial: Trial): boolean {
  return isOutstanding(trial) || trial.state === "cancelled";
}

/**
 * Returns the trials that a pruner ended or has paused, each with its best objective so far. The
 * oracle does not propose their values again.
 */
function prunedOf({ spec: { objective } }: Study, trials: readonly Trial[]): Pick<SuggestionRequest, "pruned"> {
  const pruned = trials.filter(({ state }) => state === "pruned" || state === "paused");
  if (pruned.length === 0) return {};
  return { pruned: pruned.map(({ values, measurements }) => ({ values, ...bestSoFar(measurements, objective) })) };
}

function bestSoFar(measurements: Measurements, objective: StudySpec["objective"]): { readonly objective?: number } {
  const best = bestMeasurement(measurements, objective)?.metrics[objective.metric];
  return best === undefined ? {} : { objective: best };
}

/** A completed trial. */
type Executed = Trial & { readonly objective: number };

/** The observation of each completed trial. Equal lists of a later request have the same items. */
const observed = new WeakMap<Trial, Observation>();

function observationsOf(study: Study, trials: readonly Trial[]): readonly Observation[] {
  const completed = trials.filter((trial): trial is Executed => trial.objective !== undefined);
  const folds = foldsOfStudy(study);
  const observations = folds === undefined ? completed.map(observationOf) : foldObservations(completed, folds);
  if (aimsOfStudy(study) === undefined) return observations;
  const outcomesOf = outcomeReader(completed, folds);
  return observations.map((observation, i) => withOutcomes(observation, completed[i] as Executed, outcomesOf));
}

/** The observation with outcomes of each trial of one execution, whose noise nothing changes. */
const observedOutcomes = new WeakMap<Trial, Observation>();

function withOutcomes(
  observation: Observation,
  trial: Executed,
  outcomesOf: ReturnType<typeof outcomeReader>,
): Observation {
  if ((trial.objectives ?? []).length !== 1) return { ...observation, outcomes: outcomesOf(trial) };
  const whole = observedOutcomes.get(trial) ?? { ...observation, outcomes: outcomesOf(trial) };
  observedOutcomes.set(trial, whole);
  return whole;
}

function foldsOfStudy({ spec: { dataset } }: Study): number | undefined {
  return dataset !== undefined && isFileDataSet(dataset) ? foldsOf(dataset) : undefined;
}

function observationOf(trial: Executed): Observation {
  const observation = observed.get(trial) ?? executedObservation(trial);
  observed.set(trial, observation);
  return observation;
}

function executedObservation({ values, objective, objectives = [] }: Executed): Observation {
  if (objectives.length < 2) return { values, objective };
  return { values, objective, executions: { count: objectives.length, variance: varianceOf(objectives) } };
}

/** Returns observations whose noise is that of a comparison over the same folds. */
function foldObservations(completed: readonly Executed[], folds: number): readonly Observation[] {
  const whole = completed.filter(({ objectives = [] }) => objectives.length === folds);
  const noise = foldNoise(whole.map(({ objectives = [] }) => objectives));
  return completed.map((trial) => {
    const { values, objective } = trial;
    const variance = noise?.[whole.indexOf(trial)];
    return variance === undefined
      ? { values, objective }
      : { values, objective, executions: { count: folds, variance } };
  });
}

/** Returns the selection rule's arguments for the choice of contenders or of the best trial. */
export function selectionRequest(study: Study): SelectionRequest {
  const outcomesOf = outcomeReader(searchTrials(study), foldsOfStudy(study));
  const trials = searchTrials(study).flatMap(({ id, values, objective, outcomes }) => {
    if (objective === undefined) return [];
    return [{ id, values, objective, ...(outcomes === undefined ? {} : { outcomes: outcomesOf({ outcomes }) }) }];
  });
  // No trial is under way, and cancelled ones are no candidates.
  const history = { ...suggestionRequest(study, study.trials.length), pending: [] };
  const { rule } = selectionOf(study.spec);
  const { pick } = study.spec;
  const further = { contenders: contendersOf(study), range: objectiveRange(study.spec), ...(pick && { pick }) };
  return { rule, history, trials, ...further };
}

function contendersOf({ trials, contenders = [] }: Study): readonly Contender[] {
  return contenders.map((id) => ({ id, objectives: objectivesByRound(trials, id) }));
}

function objectivesByRound(trials: readonly Trial[], trialId: string): readonly (number | undefined)[] {
  return trials.filter(({ replicates }) => replicates?.trialId === trialId).map(({ objective }) => objective);
}
