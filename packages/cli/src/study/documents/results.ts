import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Goal } from "@sintonia/tuning/objective/goal";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import { goalName } from "../goal.js";
import { trialSeconds } from "../progress/estimate.js";
import { studyStateName, trialStateName } from "../trial-state.js";
import { trialValues } from "../values.js";
import { type SelectionResults, selectionResults } from "./selection-results.js";

/** One trial of the results document. */
export interface TrialResults {
  readonly id: string;
  readonly state: string;
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** Null unless the trial completed. */
  readonly objective: number | null;
  /** Objective of each execution, whose mean is `objective`; empty unless the trial completed. */
  readonly executions: readonly number[];
  /** Sample standard deviation of the executions (divisor count - 1); null for fewer than two. */
  readonly deviation: number | null;
  /**
   * The trial that a replicate executes again, and its round, from 0; null for all other trials.
   */
  readonly replicates: { readonly trial: string; readonly round: number } | null;
  /** Epochs of the last attempt, summed over its executions. */
  readonly epochs: number;
  /** Wall time of the last attempt in seconds; null if no attempt has ended. */
  readonly seconds: number | null;
  /** Id of the trainer that last held the trial's lease; null if none did. */
  readonly trainer: string | null;
  readonly attempt: number;
  /** Reason why the trial did not complete; null if it did. */
  readonly message: string | null;
}

/**
 * The document that `--json` prints and results.json contains. Field names are part of the
 * command-line interface.
 */
export interface ResultsDocument {
  readonly study: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly objective: { readonly metric: string; readonly goal: Goal };
    readonly maxTrials: number;
    readonly message: string | null;
    readonly createdAt: string | null;
    readonly endedAt: string | null;
    /** The spec as the coordinator accepted it. */
    readonly spec: unknown;
  };
  readonly trials: readonly TrialResults[];
  /**
   * The trial that the selection rule chose; before the choice, the completed trial with the best
   * objective.
   */
  readonly best: TrialResults | null;
  /** The choice of the best trial and its uncertainty; null before the choice. */
  readonly selection: SelectionResults | null;
  readonly test: {
    readonly loss: number;
    readonly accuracy: number;
    /** 95 % Wilson interval of the accuracy. */
    readonly interval: readonly [low: number, high: number];
    readonly examples: number;
  } | null;
  /** Seconds from the study's creation to its end; null before its end. */
  readonly wallSeconds: number | null;
}

/**
 * Returns the present results of a study as a document. Pure: the same input gives the same
 * document.
 */
export function resultsDocument(study: Study, trials: readonly Trial[]): ResultsDocument {
  const spec: unknown = study.specJson === "" ? null : JSON.parse(study.specJson);
  const names = parameterNames(spec);
  const results = trials.map((trial) => trialResults(trial, names));
  return {
    study: {
      id: study.id,
      name: study.name,
      state: studyStateName(study.state),
      objective: { metric: study.objectiveMetric, goal: goalName(study.goal) },
      maxTrials: study.maxTrials,
      message: study.message || null,
      createdAt: study.createdAt?.toISOString() ?? null,
      endedAt: study.endedAt?.toISOString() ?? null,
      spec,
    },
    trials: results,
    best: results.find((trial) => trial.id === study.bestTrialId) ?? null,
    selection: selectionResults(study),
    test: testResults(study),
    wallSeconds: wallSeconds(study),
  };
}

/** Returns one trial of the results document, with its values in the order of `names`. */
export function trialResults(trial: Trial, names: readonly string[] = []): TrialResults {
  return {
    id: trial.id,
    state: trialStateName(trial.state),
    values: trialValues(trial, names),
    objective: trial.objective ?? null,
    executions: trial.executionObjectives,
    deviation: trial.executionDeviation ?? null,
    replicates:
      trial.replicates === undefined ? null : { trial: trial.replicates.trialId, round: trial.replicates.round },
    epochs: trial.epochs,
    seconds: trialSeconds(trial) ?? null,
    trainer: trial.trainerId || null,
    attempt: trial.attempt,
    message: trial.message || null,
  };
}

/**
 * Returns the parameter names of an accepted spec, in the order of the spec; none if `spec` is no
 * spec.
 */
export function parameterNames(spec: unknown): string[] {
  const parameters = (spec as { parameters?: object } | null)?.parameters;
  return Object.keys(parameters ?? {});
}

function testResults(study: Study): ResultsDocument["test"] {
  if (study.test === undefined) return null;
  const { loss, accuracy, accuracyLow, accuracyHigh, examples } = study.test;
  return { loss, accuracy, interval: [accuracyLow, accuracyHigh], examples };
}

function wallSeconds(study: Study): number | null {
  if (study.createdAt === undefined || study.endedAt === undefined) return null;
  return (study.endedAt.getTime() - study.createdAt.getTime()) / 1000;
}
