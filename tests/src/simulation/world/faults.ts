// The faults of a run. Each seed has its own rates, some of them 0.

import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";

/** Rates of faults in [0, 1], per message, per action, or per second where it says so. */
export interface Faults {
  /** Messages that are lost. */
  readonly loss: number;
  readonly duplication: number;
  /** Messages that arrive up to LATE_MAX_MS later, after every lease of their time has ended. */
  readonly lateness: number;
  /** Longest delay of a message in milliseconds. Different delays reorder messages. */
  readonly delayMaxMs: number;
  /** Per second: a coordinator ends as by SIGKILL. */
  readonly coordinatorCrash: number;
  /** Per second: a coordinator is asked to end in order. */
  readonly coordinatorStop: number;
  /** Per second: a coordinator freezes; another one leads, and the frozen one wakes later. */
  readonly coordinatorFreeze: number;
  /** Per second: another coordinator starts at the address of the first. */
  readonly secondCoordinator: number;
  /** Per second and trainer. */
  readonly trainerCrash: number;
  readonly trainerFreeze: number;
  readonly preemption: number;
  /** Per epoch: the training process dies. */
  readonly childDeath: number;
  /** Per trial: the trainer cannot use its data. */
  readonly badData: number;
  /** Per reading of the test split: it fails. */
  readonly badTestData: number;
  /** Per question: the oracle fails. */
  readonly oracleFault: number;
  /** Per second: NATS refuses, stalls, or has no room for some seconds. */
  readonly storeRefusal: number;
  readonly storeStall: number;
  readonly storeFull: number;
  /** Per second: NATS restarts and has lost its newest records, which it had acknowledged. */
  readonly recordLoss: number;
  /** Per second: the disk of the coordinators has no room for some seconds. */
  readonly diskFull: number;
  /** Per stored artifact or checkpoint: it is damaged later. */
  readonly rot: number;
  /** Per call: the coordinator has no room for it, and asks for a repeat after a delay. */
  readonly overload: number;
  /** Per upload: the connection ends in the middle. */
  readonly brokenUpload: number;
  /** Per second and process: the wall clock jumps. */
  readonly clockJump: number;
}

/** Longest delay of a late message, in milliseconds. */
export const LATE_MAX_MS = 20_000;

export const CALM: Faults = {
  loss: 0,
  duplication: 0,
  lateness: 0,
  delayMaxMs: 5,
  coordinatorCrash: 0,
  coordinatorStop: 0,
  coordinatorFreeze: 0,
  secondCoordinator: 0,
  trainerCrash: 0,
  trainerFreeze: 0,
  preemption: 0,
  childDeath: 0,
  badData: 0,
  badTestData: 0,
  oracleFault: 0,
  storeRefusal: 0,
  storeStall: 0,
  storeFull: 0,
  recordLoss: 0,
  diskFull: 0,
  rot: 0,
  overload: 0,
  brokenUpload: 0,
  clockJump: 0,
};

/** Highest rate of each fault. */
const HIGHEST: Faults = {
  loss: 0.15,
  duplication: 0.3,
  lateness: 0.03,
  delayMaxMs: 800,
  coordinatorCrash: 0.1,
  coordinatorStop: 0.05,
  coordinatorFreeze: 0.05,
  secondCoordinator: 0.05,
  trainerCrash: 0.05,
  trainerFreeze: 0.05,
  preemption: 0.1,
  childDeath: 0.1,
  badData: 0.2,
  badTestData: 0.5,
  oracleFault: 0.3,
  storeRefusal: 0.05,
  storeStall: 0.05,
  storeFull: 0.03,
  recordLoss: 0.1,
  diskFull: 0.05,
  rot: 0.3,
  overload: 0.3,
  brokenUpload: 0.2,
  clockJump: 0.1,
};

/** Returns the faults of a seed. About half of the rates are 0, so that few faults meet. */
export function stormOf(seed: number): Faults {
  const rates = Object.entries(HIGHEST).map(([name, highest]) => {
    const random = createRandom(deriveSeed(seed, "fault", name));
    const isPresent = random.uniform() < 0.5;
    return [name, isPresent ? highest * random.uniform() : CALM[name as keyof Faults]];
  });
  return Object.fromEntries(rates) as unknown as Faults;
}
