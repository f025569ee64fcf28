import type { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";

/** The latest state of a study. */
export interface StudyProgress {
  readonly study: Study;
  /** Trials by id, in the order of their numbers. */
  readonly trials: ReadonlyMap<string, Trial>;
  /** Trainers that the coordinator hears from. */
  readonly trainerCount: number;
}

/**
 * Applies updates of a study, oldest first.
 *
 * @param before - undefined before the first update
 * @returns undefined while no update had the study
 */
export function applyUpdates(
  before: StudyProgress | undefined,
  updates: readonly WatchStudyResponse[],
): StudyProgress | undefined {
  let study = before?.study;
  const trials = new Map(before?.trials);
  let isSorted = true;
  for (const update of updates) {
    study = studyOf(study, update.study);
    for (const trial of update.trials) {
      isSorted &&= trials.has(trial.id);
      trials.set(trial.id, trial);
    }
  }
  if (study === undefined) return undefined;
  const trainerCount = updates.at(-1)?.trainerCount ?? before?.trainerCount ?? 0;
  return { study, trials: isSorted ? trials : sortedById(trials), trainerCount };
}

/** Only the first update of a stream contains the spec, which later states keep. */
function studyOf(before: Study | undefined, latest: Study | undefined): Study | undefined {
  if (latest === undefined || before === undefined) return latest ?? before;
  return latest.specJson === "" ? { ...latest, specJson: before.specJson } : latest;
}

function sortedById(trials: ReadonlyMap<string, Trial>): Map<string, Trial> {
  return new Map([...trials].sort(([a], [b]) => compareIds(a, b)));
}

/** Compares ids of trials, which are numbers with or without zeros before them. */
export function compareIds(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
}
