// How many suggestions a study wants: as many as the budget, the trainers and the oracle allow.

import type { Transient } from "../state/state.js";
import { isSearching, type Study } from "../state/study.js";
import { leaseHolders, usableTrainerCount } from "../state/trainers.js";
import { furtherTrials } from "./further.js";

/**
 * Limit of the trials for which the study asks the oracle at once. Their events share a record of
 * about 30 KB, whose storing is then a small part of their time.
 */
const SUGGESTIONS_MAX = 128;

/**
 * Returns for how many more trials to ask the oracle. The study asks only when trainers are free,
 * so that every suggestion uses all results so far. Without a trainer it asks for one trial, which
 * then waits for the first trainer.
 */
export function wantedSuggestions(study: Study, transient: Transient): number {
  if (!isSearching(study) || transient.testData !== "readable") return 0;
  return Math.max(0, Math.min(furtherTrials(study), freeCapacity(study, transient), SUGGESTIONS_MAX));
}

/** Returns how many more trials may be outstanding at the same time. */
export function freeCapacity(study: Study, transient: Transient): number {
  const { capacity, trainerIds, storage } = transient;
  if (storage !== "writable" || study.pause !== undefined) return 0;
  const usable = Math.min(capacity, usableTrainerCount(study, trainerIds)) + cordonedHolderCount(study, transient);
  const { parallelTrials = Math.max(1, usable) } = study.spec.budget;
  return Math.max(0, parallelTrials - study.outstandingCount);
}

/**
 * Returns the number of the study's trials that cordoned trainers still train. These trials are
 * outstanding, and take no trainer from the others.
 */
function cordonedHolderCount(study: Study, { cordonedTrainerIds, deadlines }: Transient): number {
  if (cordonedTrainerIds.length === 0) return 0;
  const cordoned = new Set(cordonedTrainerIds);
  return leaseHolders(study, deadlines.ids()).filter((trainerId) => cordoned.has(trainerId)).length;
}
