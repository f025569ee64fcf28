import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
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
  /** Objective of each execution; empty unless the trial completed. `objective` is their mean. */
  readonly executions: readonly number[];
  /** Standard deviation of the executions (over their number minus 1); null for fewer than two. */
  readonly deviation: number | null;
  /** The trial that this one executes again, beside the budget, and the round, from 0; null for all others. */
  readonly replicates: { readonly trial: string; readonly round: number } | null;
  /** Epochs of the last attempt, over all executions. */
  readonly epochs: number;
  /** Wall time of the last attempt in seconds; null if none was started. */
  readonly seconds: number | null;
  /** Id of the trainer that last held the trial; null if none did. */
  readonly trainer: string | null;
  readonly attempt: number;
  /** Why the trial did not complete; null if it did. */
  readonly message: string | null;
}

/** What `--json` prints and `results.json` holds. Field names are part of the command's interface. */
export interface ResultsDocument {
  readonly study: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly objective: { readonly metric: string; readonly goal: "maximize" | "minimize" };
    readonly maxTrials: number;
    readonly message: string | null;
    readonly createdAt: string | null;
    readonly endedAt: string | null;
    /** The spec as it was accepted. */
    readonly spec: unknown;
  };
  readonly trials: readonly TrialResults[];
  /** The trial chosen as the best; until the choice the best measured one. */
  readonly best: TrialResults | null;
  /** How the best trial was chosen, and how sure that is; null until it is. */
  readonly selection: SelectionResults | null;
  readonly test: {
    readonly loss: number;
    readonly accuracy: number;
    /** 95 % Wilson interval of the accuracy. */
    readonly interval: readonly [low: number, high: number];
    readonly examples: number;
  } | null;
  /** From the study's creation to its end, in seconds; null while it goes on. */
  readonly wallSeconds: number | null;
}

/** The results of a study as they stand, as a document. A function of its arguments: the same input gives the same text. */
export function resultsDocument(study: Study, trials: readonly Trial[]): ResultsDocument {
  const spec: unknown = study.specJson === "" ? null : JSON.parse(study.specJson);
  const names = parameterNames(spec);
  const results = trials.map((trial) => trialResults(trial, names));
  return {
    study: {
      id: study.id,
      name: study.name,
      state: studyStateName(study.state),
      objective: { metric: study.objectiveMetric, goal: study.goal === Goal.MINIMIZE ? "minimize" : "maximize" },
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

/** One trial as the results document shows it, its values in the order of `names`. */
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

/** Names of the parameters of an accepted spec, in its order; none if the spec cannot be read. */
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
