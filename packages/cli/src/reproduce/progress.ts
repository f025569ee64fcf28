import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument } from "../study/documents/results.js";
import type { EndedExperiment } from "./document.js";
import type { EndedStudy, RemainingWork } from "./time-estimate.js";

/** The progress of one experiment of a reproduction. */
export interface ExperimentProgress {
  readonly spec: NamedDataStudy;
  /** Absent until the study has ended. */
  readonly results?: ResultsDocument;
  /** Absent until the refit has ended. */
  readonly refit?: ResultsDocument;
}

/**
 * Returns the remaining work. A refit needs a best trial, and a study that has not ended counts as
 * having one.
 */
export function remainingWork({ spec, results, refit }: ExperimentProgress): RemainingWork {
  const study = results === undefined;
  return { spec, study, refit: refit === undefined && (study || results.best !== null) };
}

/**
 * Returns true if the study and its refit have ended, or the study has ended without a best trial.
 */
export function isDone(experiment: ExperimentProgress): boolean {
  const { study, refit } = remainingWork(experiment);
  return !study && !refit;
}

/** Returns the experiments without remaining work. */
export function endedExperiments(experiments: readonly ExperimentProgress[]): EndedExperiment[] {
  return experiments.flatMap((experiment) => {
    const { spec, results, refit } = experiment;
    return results === undefined || !isDone(experiment) ? [] : [{ spec, results, refit }];
  });
}

/** Returns the durations of the ended studies, from which the others are estimated. */
export function endedStudies(experiments: readonly ExperimentProgress[]): EndedStudy[] {
  return experiments.flatMap(({ spec, results }) => {
    if (results === undefined) return [];
    const completed = results.trials.filter(({ state }) => state === "completed");
    return [{ spec, trials: completed.length, trialSeconds: sum(completed.map(({ seconds }) => seconds ?? 0)) }];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
