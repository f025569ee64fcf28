import { StopMode } from "@sintonia/proto/sintonia/v1/admin";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import type { Random } from "@sintonia/tuning/random/random";
import type { Budget, SearchLimits, SelectionSettings, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { EPOCHS_MAX } from "./checks/training-values.js";
import { resourcesOf } from "./world/equipment.js";

/** Trials of an extended study; one more than those of any spec. */
const EXTENDED_TRIALS = 8;

/** Returns true if a person stops the first study of this seed's run. */
export function isStopped(seed: number): boolean {
  return seed % 5 === 0;
}

/** Returns how a person stops the first study of this seed's run. */
export function stopModeOf(seed: number): StopMode {
  return seed % 2 === 0 ? StopMode.AFTER_RUNNING : StopMode.NOW;
}

/** Returns true if a person extends the first study of this seed's run. */
export function isExtended(seed: number): boolean {
  return seed % 8 === 5;
}

/** Returns true if a person extends the first study of this seed's run after its end. */
export function isReopened(seed: number): boolean {
  return seed % 8 === 2 || seed % 16 === 15;
}

/** Returns true if a person pauses the first study of this seed's run for some time. */
export function isPaused(seed: number): boolean {
  return seed % 4 === 3;
}

/** Returns true if a person cancels and retries a trial of the first study of this seed's run. */
export function isCancelling(seed: number): boolean {
  return seed % 6 === 1;
}

/** Returns true if a person enqueues a trial of the first study of this seed's run. */
export function isEnqueuing(seed: number): boolean {
  return seed % 6 === 5;
}

/** Returns further limits of a search, of which three of five seeds have one and some have two. */
function limitsOf(seed: number): Partial<Budget> {
  const maxEpochs = 3 + (seed % 23);
  const maxSeconds = 5 + (seed % 37);
  const all = [{}, { maxEpochs }, { maxSeconds }, { maxTrainerSeconds: 2 * maxSeconds }, { maxEpochs, maxSeconds }];
  const perTrial = seed % 11 === 3 ? { maxSecondsPerTrial: 4 + (seed % 5) } : {};
  return { ...perTrial, ...(seed % 10 === 9 ? {} : all[seed % 5]) };
}

/**
 * Returns larger limits than any spec has, one for each limit of a spec. Those of time are also
 * larger than the jumps of all wall clocks, which may have spent a smaller one.
 */
export function extendedLimits({ budget }: StudySpec): Partial<SearchLimits> {
  const { maxEpochs, maxSeconds, maxTrainerSeconds } = budget;
  return {
    maxTrials: EXTENDED_TRIALS,
    ...(maxEpochs && { maxEpochs: 2 * maxEpochs + 20 }),
    ...(maxSeconds && { maxSeconds: 1_000_000 }),
    ...(maxTrainerSeconds && { maxTrainerSeconds: 10_000_000 }),
  };
}

/**
 * Returns a spec of a small study. Seeds differ in kind, budget, oracle, pruner and selection rule.
 */
export function specOf(seed: number, random: Random): StudySpec {
  const drawn = 1 + random.integer(2);
  // Outcomes of several executions have noise, and a front then follows from a model.
  const executionsPerTrial = hasFront(seed) || hasLimits(seed) ? 1 : drawn;
  return {
    name: "simulated",
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: {
      maxTrials: 2 + random.integer(6),
      executionsPerTrial,
      ...limitsOf(seed),
      maxConsecutiveFailures: 100,
      maxAttemptsPerTrial: 100,
    },
    seed: random.integer(1_000),
    ...oracleFields(seed),
    selection: ruleOf(seed),
    pruner: prunerOf(seed),
    parameters: { stddev: { type: "double", min: 0.1, max: 1, step: 0.1, scale: "linear" } },
    ...resourcesOf(seed),
    ...(seed % 7 < 3 ? programOf(seed) : NETWORK),
    ...aimsFields(seed),
  } as unknown as StudySpec;
}

/** The first seeds, which find most deliberate bugs, have one objective without limits. */
const PLAIN_SEEDS = 60;

/** Tells whether the studies of a seed have several objectives. */
export function hasFront(seed: number): boolean {
  return seed > PLAIN_SEEDS && seed % 13 === 4;
}

/** Tells whether the studies of a seed have one objective with limits. */
function hasLimits(seed: number): boolean {
  return seed > PLAIN_SEEDS && seed % 13 === 9;
}

/**
 * Returns the aims of one seed in thirteen with several objectives, and of one with limits.
 * Trainers measure the latency of a network; a program has the seconds of its training.
 */
function aimsFields(seed: number): object {
  const isProgram = seed % 7 < 3;
  const metric = isProgram ? "train_seconds" : "latency_ms";
  if (hasLimits(seed)) return { limits: ["val_accuracy >= 0.5", `${metric} <= ${isProgram ? 1e17 : 4}`] };
  if (!hasFront(seed)) return {};
  const objectives = [
    { metric: "val_accuracy", goal: "maximize" },
    { metric, goal: "minimize" },
  ];
  const limits = ["val_accuracy >= 0.4", `${metric} <= ${isProgram ? 1e17 : 8}`];
  return { objectives, limits, testFront: seed % 3 > 0, pruner: { type: "none" }, selection: undefined };
}

/**
 * Gives a twelfth of the later seeds with one objective the model of results below the full budget,
 * of its own trials and of another study.
 */
function oracleFields(seed: number): Pick<StudySpec, "oracle" | "warmStart"> {
  const hasOther = seed <= PLAIN_SEEDS || hasFront(seed) || hasLimits(seed);
  if (seed % 12 !== 4 || hasOther) return { oracle: { type: seed % 3 === 0 ? "grid" : "random" } };
  const warmStart = [0.2, 0.6, 0.9].map((stddev) => ({ values: { stddev }, objective: stddev, fidelity: 0.2 }));
  return { oracle: { type: "bayesian", fidelity: "epochs" }, warmStart };
}

const NETWORK = {
  dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
  model: {
    layers: [{ units: 10, activation: "softmax", kernelInitializer: { type: "RandomNormal", stddev: "$stddev" } }],
  },
  training: {
    optimizer: "adam",
    loss: "categorical_crossentropy",
    batchSize: 256,
    maxEpochs: 100,
  },
};

/**
 * Returns what a study of a program has. Two of three programs have a test, and a fifth of the
 * later ones state the largest number of epochs, which some trials reach.
 */
function programOf(seed: number): object {
  const test = seed % 7 === 0 ? {} : { test: { command: ["measure", "${stddev}"] } };
  const training = seed > PLAIN_SEEDS && seed % 5 === 1 ? { training: { maxEpochs: EPOCHS_MAX } } : {};
  return {
    program: { command: ["train", "${stddev}"], metrics: { from: "report" }, graceSeconds: 30, ...test },
    ...training,
  };
}

/** Gives four of five seeds a pruner, three of them with rungs. */
function prunerOf(seed: number): PrunerSettings {
  const kind = Math.floor(seed / 3) % 5;
  if (kind === 1) return { type: "median", startupTrials: 1, warmupEpochs: 0, interval: 1, minTrials: 1 };
  if (kind === 2 || kind === 3) return { type: "asha", minEpochs: 1, reductionFactor: kind };
  if (kind !== 4) return { type: "none" };
  return { type: "curve", risk: 0.2, ...(seed % 2 === 0 && { finalists: 2 }) };
}

/** Alternates the selection rules between seeds. */
function ruleOf(seed: number): SelectionSettings {
  if (seed % 3 === 1) return { rule: "observed" } as SelectionSettings;
  return seed % 2 === 0 ? { rule: "posterior-mean" } : { rule: "replicate", top: 2 + (seed % 3), executions: 2 };
}
