import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { isOver, type Study } from "@sintonia/coordinator/core/state/study";
import type { SelectionSettings, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { Cluster } from "./cluster.js";
import { SimulatedTrainer } from "./simulated-trainer.js";
import { CALM, type Faults, World } from "./world.js";

const STORM_MS = 60_000;
/**
 * Upper limit of the time that a study needs without faults, in ms: all attempts of all trials, one
 * after another.
 */
const CALM_MS = 600_000;

export interface SimulationResult {
  readonly study: Study;
  readonly trace: readonly string[];
  readonly commits: number;
  readonly events: readonly StudyEvent[];
  /**
   * Number of completed evaluations on the test split. Above 1 only if a coordinator crashed during
   * one.
   */
  readonly evaluations: number;
}

/**
 * Runs one study under random faults for STORM_MS, then without faults until it ends.
 *
 * @throws an assertion error with the seed and the last 50 inputs, if an invariant breaks or the
 *   study does not end
 */
export function simulate(seed: number, faults: Faults = stormOf(seed)): SimulationResult {
  const world = new World(seed, faults);
  const trainers = 1 + world.random.integer(4);
  try {
    const cluster = new Cluster(world, specOf(2 + world.random.integer(8), ruleOf(seed)), trainers);
    for (let index = 0; index < trainers; index++) new SimulatedTrainer(world, cluster, `trainer-${index}`);
    if (isStopped(seed)) stopAfter(1_000 + 3_000 * world.random.integer(8), world, cluster);
    const ended = () => isOver(cluster.study);
    if (!world.run(ended, STORM_MS)) {
      world.faults = CALM;
      if (!world.run(ended, STORM_MS + CALM_MS)) throw new Error("The study does not end.");
    }
    const events = cluster.log.flatMap((commit) => commit.events);
    return {
      study: cluster.study,
      trace: world.trace,
      commits: cluster.log.length,
      events,
      evaluations: cluster.evaluations,
    };
  } catch (error) {
    const last = world.trace.slice(-50).join("\n");
    throw new Error(`Seed ${seed}, ${JSON.stringify(faults)}, last inputs:\n${last}`, { cause: error });
  }
}

/** Returns true if the run of this seed stops its study. */
export function isStopped(seed: number): boolean {
  return seed % 5 === 0;
}

/** Repeats the request to stop until the coordinator answers. */
function stopAfter(ms: number, world: World, cluster: Cluster): void {
  world.after(ms, () => {
    if (cluster.study.status !== "active") return;
    cluster.call({ type: "stop-study", reason: "enough" }, () => undefined);
    stopAfter(1_000, world, cluster);
  });
}

/** Returns the faults of a seed; each seed has others. */
function stormOf(seed: number): Faults {
  const level = (divisor: number) => ((seed * 7919) % divisor) / divisor;
  return {
    loss: level(5) * 0.4,
    duplication: level(7) * 0.4,
    delayMaxMs: 5 + level(11) * 800,
    coordinatorCrash: level(13) * 0.2,
    trainerCrash: level(17) * 0.1,
    trainerFreeze: level(19) * 0.1,
    rot: level(23) * 0.5,
    preemption: level(29) * 0.3,
    badData: level(31) * 0.3,
    badTestData: level(37) * 0.5,
  };
}

/** Alternates the selection rules between seeds. */
function ruleOf(seed: number): SelectionSettings {
  return seed % 2 === 0 ? { rule: "posterior-mean" } : { rule: "replicate", top: 2 + (seed % 3), executions: 2 };
}

function specOf(maxTrials: number, selection: SelectionSettings): StudySpec {
  return {
    name: "simulated",
    dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials, executionsPerTrial: 1, maxConsecutiveFailures: 100, maxAttemptsPerTrial: 100 },
    seed: 0,
    oracle: { type: "random" },
    selection,
    parameters: { stddev: { type: "double", min: 0, max: 1, scale: "linear" } },
    model: { layers: [{ units: 10, activation: "softmax" }] },
    training: { optimizer: "adam", loss: "categorical_crossentropy", batchSize: 256, maxEpochs: 100 },
  };
}
