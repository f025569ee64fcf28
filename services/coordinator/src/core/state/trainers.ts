// The trainers that a study has set aside: they get none of its trials for some time.

import { InvariantError } from "@sintonia/runtime/errors";
import type { EventOf } from "./event.js";
import { type Change, findTrial, type SetAsideTrainer, type Study } from "./study.js";

/**
 * Upper limit of trainers that a study sets aside at the same time. Beyond it the study readmits
 * the one that waits longest.
 */
const SET_ASIDE_MAX = 100;

/** Finds a trainer among those that the study has set aside. */
export function findSetAside({ setAside }: Study, trainerId: string): SetAsideTrainer | undefined {
  return setAside.find((trainer) => trainer.trainerId === trainerId);
}

/** Returns the number of trainers that the study has not set aside. */
export function usableTrainerCount({ setAside }: Study, trainerIds: readonly string[]): number {
  if (setAside.length === 0) return trainerIds.length;
  const aside = new Set(setAside.map(({ trainerId }) => trainerId));
  return trainerIds.filter((trainerId) => !aside.has(trainerId)).length;
}

/** Numbers of trainers, as a study sees them. */
export interface TrainerCounts {
  readonly live: number;
  /** Number of live trainers that have the study's resources and that a person has cordoned. */
  readonly cordoned: number;
  /** Number of live trainers that lack resources which the study asks for. */
  readonly unfit: number;
  /**
   * Number of live trainers that may get a trial of the study: neither unfit nor cordoned nor set
   * aside.
   */
  readonly usable: number;
  /** Number of usable trainers that hold a lease of any study. */
  readonly busy: number;
}

/** The live trainers, as a tick tells them. */
interface LiveTrainerIds {
  /** Those that have the study's resources and are not cordoned. */
  readonly trainerIds: readonly string[];
  readonly cordonedTrainerIds: readonly string[];
  /** Those of `trainerIds` that hold a lease of any study. */
  readonly busyTrainerIds: readonly string[];
  readonly unfitTrainers: { readonly count: number };
}

/** Counts the live trainers from the view of a study. */
export function countTrainers(
  study: Study,
  { trainerIds, cordonedTrainerIds, busyTrainerIds, unfitTrainers }: LiveTrainerIds,
): TrainerCounts {
  const cordoned = cordonedTrainerIds.length;
  const usable = usableTrainerCount(study, trainerIds);
  const { count: unfit } = unfitTrainers;
  const live = trainerIds.length + cordoned + unfit;
  return { live, cordoned, unfit, usable, busy: usableTrainerCount(study, busyTrainerIds) };
}

/** Returns the ids of the trainers that hold a lease of the study. */
export function leaseHolders(study: Study, leasedTrialIds: Iterable<string>): readonly string[] {
  return [...leasedTrialIds].flatMap((trialId) => findTrial(study, trialId)?.lease?.trainerId ?? []);
}

/**
 * Returns the changes to a study that sets a trainer aside. A suspicion is noted in the trial too.
 */
export function trainerSetAside(study: Study, event: EventOf<"trainer-set-aside">, at: number): Change {
  const { trainerId, trialId, reason, isSuspected = false } = event;
  const others = study.setAside.filter((trainer) => trainer.trainerId !== trainerId);
  const setAside = [...others, { trainerId, trialId, reason, isSuspected, since: at }].slice(-SET_ASIDE_MAX);
  return { fields: { setAside }, ...(isSuspected ? withSuspect(study, event) : {}) };
}

function withSuspect(study: Study, { trainerId, trialId }: EventOf<"trainer-set-aside">): Change {
  const trial = findTrial(study, trialId);
  if (trial === undefined) throw new InvariantError(`Study ${study.id} has no trial ${trialId}.`);
  if (trial.losses.suspects.includes(trainerId)) return {};
  const losses = { ...trial.losses, suspects: [...trial.losses.suspects, trainerId] };
  return { trial: { ...trial, losses } };
}

/** Returns the changes to a study that readmits a trainer. */
export function trainerReadmitted(study: Study, { trainerId }: EventOf<"trainer-readmitted">): Change {
  return { fields: { setAside: study.setAside.filter((trainer) => trainer.trainerId !== trainerId) } };
}
