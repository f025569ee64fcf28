// The live trainers, with what the studies know of them.

import type { Cordon, Cordons } from "../../core/cordon/cordons.js";
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

/** A trainer with what it trains. Its signs of life are absent unless it is live. */
export interface ListedTrainer extends Partial<Omit<LiveTrainer, "trainerId">> {
  readonly trainerId: string;
  readonly cordon?: Cordon | undefined;
  readonly trials: readonly TrainedTrial[];
  readonly setAsideBy: readonly SetAsideBy[];
}

/**
 * Returns the trainers ordered by id, each with its trials.
 *
 * @param cordons - their trainers are listed also if they are not live
 * @param studies - all studies; those that are over give nothing
 */
export function listedTrainers(
  live: readonly LiveTrainer[],
  cordons: Cordons,
  studies: readonly Study[],
): readonly ListedTrainer[] {
  const going = studies.filter((study) => !isOver(study));
  const trained = byTrainer(going.flatMap(trainedTrials), ({ trial }) => trial.lease?.trainerId);
  const aside = byTrainer(
    going.flatMap(({ id: studyId, setAside }) => setAside.map((one) => ({ ...one, studyId }))),
    ({ trainerId }) => trainerId,
  );
  const all = new Map<string, Omit<ListedTrainer, "trials" | "setAsideBy">>();
  for (const trainer of live) all.set(trainer.trainerId, trainer);
  for (const cordon of cordons) {
    const { trainerId } = cordon;
    all.set(trainerId, { trainerId, ...all.get(trainerId), cordon });
  }
  const listed = [...all.values()].map((trainer) => {
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
