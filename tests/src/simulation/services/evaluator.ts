import assert from "node:assert/strict";
import type { Artifact } from "@sintonia/coordinator/core/state/study";
import type { ArtifactStore } from "@sintonia/coordinator/ports/artifact-store";
import type { Evaluation, Evaluator } from "@sintonia/coordinator/ports/evaluator";
import { sleep } from "@sintonia/runtime/clock";
import { testedTrials } from "../checks/front.js";
import { collected } from "../network/streams.js";
import type { SimulatedTerm } from "../world/term.js";
import type { Surroundings } from "./surroundings.js";

/** Longest duration of a reading in milliseconds. */
const READING_MAX_MS = 500;

const TEST = { loss: 0.1, accuracy: 0.98, accuracyLow: 0.97, accuracyHigh: 0.99, examples: 100 };

/** An evaluator whose data may be away for some time. */
export class SimulatedEvaluator implements Evaluator {
  readonly #cluster: Surroundings;
  readonly #term: SimulatedTerm;
  readonly #artifacts: ArtifactStore;

  constructor(cluster: Surroundings, term: SimulatedTerm, artifacts: ArtifactStore) {
    this.#cluster = cluster;
    this.#term = term;
    this.#artifacts = artifacts;
  }

  async check(): Promise<void> {
    await this.#read();
  }

  async evaluate(_: unknown, weights: Artifact): Promise<Evaluation> {
    const { world, truth } = this.#cluster;
    const isChosen = truth.studies().some((study) => {
      const chosen = study.trials.filter(({ id }) => testedTrials(study).includes(id));
      return chosen.some((trial) => trial.weights?.sha256 === weights.sha256);
    });
    if (!isChosen)
      world.fail(new assert.AssertionError({ message: "the test split is read before the choice is stored" }));
    await this.#read();
    await collected(this.#artifacts.open(weights.sha256));
    const { name, readings } = this.#term;
    this.#cluster.noteEvaluation(`${name} ${readings}`, weights.sha256);
    return { test: TEST, models: [] };
  }

  async #read(): Promise<void> {
    const { world } = this.#cluster;
    await sleep(world.random.uniform() * READING_MAX_MS, this.#term.process.timers);
    if (world.chance(world.faults.badTestData)) throw new Error("the test split is away");
  }
}
