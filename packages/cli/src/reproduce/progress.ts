import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument } from "../study/documents/results.js";
import type { EndedExperiment } from "./document.js";
import type { EndedStudy, Outstanding } from "./time-estimate.js";

/** Where one experiment of a reproduction stands. */
export interface ExperimentProgress {
  readonly spec: StudySpec;
  /** Absent until the study has ended. */
  readonly results?: ResultsDocument;
  /** Absent until the refit has ended. */
  readonly refit?: ResultsDocument;
}

/** What is still to be done. A refit needs a best trial, which a study that has not ended is expected to find. */
export function outstanding({ spec, results, refit }: ExperimentProgress): Outstanding {
  const study = results === undefined;
  return { spec, study, refit: refit === undefined && (study || results.best !== null) };
}

export function isDone(experiment: ExperimentProgress): boolean {
  const { study, refit } = outstanding(experiment);
  return !study && !refit;
}

/** The experiments that have ended with all that belongs to them. */
export function endedExperiments(experiments: readonly ExperimentProgress[]): EndedExperiment[] {
  return experiments.flatMap((experiment) => {
    const { spec, results, refit } = experiment;
    return results === undefined || !isDone(experiment) ? [] : [{ spec, results, refit }];
  });
}

/** What the studies that have ended tell about those that have not. */
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
