// The live trainers as the studies of a demand see them.

import { type Cordons, findCordon } from "../cordon/cordons.js";
import { type Competition, fairShare } from "./fair-share.js";
import { countOffers, type Demand, fits, type OfferingTrainer, type UnfitTrainers, unfitTrainers } from "./fit.js";

/** The trainers of a moment. */
export interface Present {
  readonly live: readonly OfferingTrainer[];
  readonly cordons: Cordons;
  /** Ids of the trainers that hold a lease of any study. */
  readonly holders: ReadonlySet<string>;
  /** The studies that begin trials. */
  readonly competition: Competition;
}

/** The trainers in a tick of a study. */
interface TrainersView {
  readonly capacity: number;
  readonly trainerIds: readonly string[];
  readonly cordonedTrainerIds: readonly string[];
  readonly busyTrainerIds: readonly string[];
  readonly unfitTrainers?: UnfitTrainers;
}

/** Returns the trainers for the ticks of the studies of a demand. */
export function trainersView({ live, cordons, holders, competition }: Present, demand: Demand): TrainersView {
  const isCordoned = ({ trainerId }: OfferingTrainer): boolean => findCordon(cordons, trainerId) !== undefined;
  const fitting = live.filter(({ offer }) => fits(demand, offer));
  const unfit = live.filter(({ offer }) => !fits(demand, offer));
  const open = fitting.filter((trainer) => !isCordoned(trainer));
  const trainerIds = open.map(({ trainerId }) => trainerId);
  return {
    capacity: fairShare(demand, countOffers(open), competition),
    trainerIds,
    cordonedTrainerIds: fitting.filter(isCordoned).map(({ trainerId }) => trainerId),
    busyTrainerIds: trainerIds.filter((trainerId) => holders.has(trainerId)),
    ...(unfit.length === 0 ? {} : { unfitTrainers: unfitTrainers(unfit) }),
  };
}
