// Which trainers may take the trials of a study, by what the study asks and the trainers offer.

import { type Equipment, UNKNOWN_EQUIPMENT } from "@sintonia/protocol/equipment";
import { memoryBytes } from "@sintonia/tuning/spec/resources";
import { isProgramStudy, type StudySpec } from "@sintonia/tuning/spec/study-spec";

/** The engine that trains networks on a GPU. */
const GPU_ENGINE = "tfjs-node-gpu";

/** The offer of a trainer: its engine and its equipment. */
export interface Offer extends Equipment {
  /** Name of its engine; empty if the trainer does not say. */
  readonly engine: string;
}

/** The offer of a trainer that says nothing. It fits studies that ask for nothing. */
export const UNKNOWN_OFFER: Offer = { engine: "", ...UNKNOWN_EQUIPMENT };

/** The demand of a study. Studies with equal demands may use the same trainers. */
export interface Demand {
  /** 0 if no GPU is asked for. */
  readonly gpus: number;
  /** True if the trials need an engine that trains on a GPU. A program uses GPUs by itself. */
  readonly needsGpuEngine: boolean;
  /** Empty for any flavour. */
  readonly flavour: string;
  /** 0 if no memory is asked for. */
  readonly memoryBytes: number;
}

/** Returns the demand of a study. */
export function demandOf(spec: StudySpec): Demand {
  const { gpu: gpus = 0, flavour = "", memory } = spec.resources ?? {};
  return { gpus, needsGpuEngine: gpus > 0 && !isProgramStudy(spec), flavour, memoryBytes: memoryBytes(memory) };
}

/** Tells whether every trainer fits. */
export function asksNothing({ gpus, flavour, memoryBytes }: Demand): boolean {
  return gpus === 0 && flavour === "" && memoryBytes === 0;
}

/** Tells whether a trainer may take the trials of a study. */
export function fits(demand: Demand, offer: Offer): boolean {
  return (
    offer.gpus >= demand.gpus &&
    (!demand.needsGpuEngine || offer.engine === GPU_ENGINE) &&
    (demand.flavour === "" || offer.flavour === demand.flavour) &&
    offer.memoryBytes >= demand.memoryBytes
  );
}

/** Returns a text that is the same for equal demands alone. */
export function demandKey({ gpus, needsGpuEngine, flavour, memoryBytes }: Demand): string {
  return `${gpus} ${needsGpuEngine} ${flavour} ${memoryBytes}`;
}

/** A live trainer and its offer. */
export interface OfferingTrainer {
  readonly trainerId: string;
  readonly offer: Offer;
}

/** An offer, and the number of trainers that make it. */
export interface OfferCount {
  readonly offer: Offer;
  readonly count: number;
}

/** Counts equal offers, in the order of their first trainers. */
export function countOffers(trainers: readonly OfferingTrainer[]): readonly OfferCount[] {
  const counts = new Map<string, OfferCount>();
  for (const { offer } of trainers) {
    const { engine, flavour = "", gpus, gpuMemoryBytes, memoryBytes } = offer;
    const key = `${gpus} ${gpuMemoryBytes} ${memoryBytes} ${flavour} ${engine}`;
    counts.set(key, { offer, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Upper limit of the offers that a wait names: the most frequent ones. */
const OFFERS_MAX = 4;

/** The live trainers that lack what a study asks for. */
export interface UnfitTrainers {
  readonly count: number;
  /** Their most frequent offers. */
  readonly offers: readonly OfferCount[];
}

/** Sums up trainers that lack what a study asks for. */
export function unfitTrainers(unfit: readonly OfferingTrainer[]): UnfitTrainers {
  const offers = [...countOffers(unfit)].sort((one, other) => other.count - one.count);
  return { count: unfit.length, offers: offers.slice(0, OFFERS_MAX) };
}
