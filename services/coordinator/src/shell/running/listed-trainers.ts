// The live trainers, with what the studies know of them.

import {
  isLeased,
  isOver,
  leasableTrials,
  type SetAsideTrainer,
  type Study,
  type Trial,
} from "../../core/state/study.js";
import type { LiveTrainer } from "./trainer-registry.js";

/** A trial whose lease a trainer holds. */
export interface TrainedTrial {
  readonly studyId: string;
  readonly trial: Trial;
}

/** A study that has set a trainer aside. */
export interface SetAsideBy extends SetAsideTrainer {
  readonly studyId: string;
}

/** A live trainer, with what it trains. */
export interface ListedTrainer extends LiveTrainer {
  readonly trials: readonly TrainedTrial[];
  readonly setAsideBy: readonly SetAsideBy[];
}

/**
 * Returns the trainers ordered by id, each with its trials.
 *
 * @param studies - all studies; those that are over give nothing
 */
export function listedTrainers(live: readonly LiveTrainer[], studies: readonly Study[]): readonly ListedTrainer[] {
  const going = studies.filter((study) => !isOver(study));
  const trained = byTrainer(going.flatMap(trainedTrials), ({ trial }) => trial.lease?.trainerId);
  const aside = byTrainer(
    going.flatMap(({ id: studyId, setAside }) => setAside.map((one) => ({ ...one, studyId }))),
    ({ trainerId }) => trainerId,
  );
  const listed = live.map((trainer) => {
    const { trainerId } = trainer;
    return { ...trainer, trials: trained.get(trainerId) ?? [], setAsideBy: aside.get(trainerId) ?? [] };
  });
  return listed.sort((a, b) => (a.trainerId < b.trainerId ? -1 : 1));
}

function trainedTrials(study: Study): readonly TrainedTrial[] {
  return leasableTrials(study)
    .filter(isLeased)
    .map((trial) => ({ studyId: study.id, trial }));
}

function byTrainer<T>(all: readonly T[], trainerOf: (one: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const trainerId = trainerOf(one);
    if (trainerId === undefined) continue;
    const group = groups.get(trainerId) ?? [];
    group.push(one);
    groups.set(trainerId, group);
  }
  return groups;
}
