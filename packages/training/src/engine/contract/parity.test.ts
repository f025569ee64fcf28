import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { initialWeights } from "../../initializer/initial-weights.js";
import { batchOrder } from "../../trial/batch-order.js";
import { ReferenceTraining } from "../reference/reference-training.fixture.js";
import { assertClose, disposable } from "./assertions.fixture.js";
import { type Engine, freshState } from "./engine.js";
import { availableEngines } from "./engines.fixture.js";
import { FEATURES } from "./features.fixture.js";
import { planOf, seededExamples } from "./problem.fixture.js";

/**
 * Largest relative difference of two engines' losses: float32 sums of up to 64 terms in any order.
 */
const TOLERANCE = 1e-5;

const SEED = 23;
const EXAMPLES = seededExamples({ count: 300, features: 64, classes: 10 });
const BATCH_SIZE = 32;

const PLANS = [
  { name: "relu units and Adam", plan: planOf([40, 10]) },
  ...FEATURES.filter(({ name }) => name === "nearly everything together"),
].map(({ name, plan }) => ({ name, plan: withTenClasses(plan) }));

const engines = await availableEngines();

describe("from the same plan and seed", () => {
  for (const { name, plan } of PLANS) {
    it(`all engines have the same losses in the first epoch: ${name}`, async () => {
      const expected = referenceLosses(plan);
      assert.equal(expected.length, 10);
      for (const engine of engines) {
        for (const [step, loss] of (await engineLosses(engine, plan)).entries()) {
          // Two engines within half the tolerance of the reference are within the tolerance of
          // each other.
          assertClose(loss, expected[step], TOLERANCE / 2, `${engine.name}, loss of step ${step}`);
        }
      }
    });
  }
});

async function engineLosses(engine: Engine, plan: TrainingPlan): Promise<number[]> {
  const state = freshState(initialWeights(plan, EXAMPLES.features, SEED));
  await using session = disposable(await engine.open(plan, { state, seed: SEED }));
  const losses: number[] = [];
  for (const rows of batches(EXAMPLES)) losses.push((await session.trainBatch(EXAMPLES, rows, 0.01)).lossSum);
  return losses;
}

function referenceLosses(plan: TrainingPlan): number[] {
  const reference = new ReferenceTraining(plan, initialWeights(plan, EXAMPLES.features, SEED), SEED);
  return batches(EXAMPLES).map((rows) => reference.step(EXAMPLES, rows, 0.01).lossSum);
}

function batches({ count }: Examples): Uint32Array[] {
  const order = batchOrder(SEED, 0, count);
  const starts = Array.from({ length: Math.ceil(count / BATCH_SIZE) }, (_, batch) => batch * BATCH_SIZE);
  return starts.map((start) => order.subarray(start, start + BATCH_SIZE));
}

function withTenClasses(plan: TrainingPlan): TrainingPlan {
  const output = plan.model.layers.at(-1) as DenseLayer;
  return { ...plan, model: { layers: [...plan.model.layers.slice(0, -1), { ...output, units: 10 }] } };
}
