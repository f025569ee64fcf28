import assert from "node:assert/strict";
import { it } from "node:test";
import { ReferenceTraining } from "../reference/reference-training.fixture.js";
import { assertClose, assertSameTensors, disposable } from "./assertions.fixture.js";
import type { Engine } from "./engine.js";
import { describeEngines } from "./engines.fixture.js";
import { FEATURE_INPUTS, FEATURE_ROWS, FEATURES, type Feature } from "./features.fixture.js";
import { rowsOf, seededTensors, startOf } from "./problem.fixture.js";

/**
 * Largest relative error of a loss: float32 sums of a few dozen terms, over twelve steps. Six
 * times the largest error of the engines.
 */
const LOSS_TOLERANCE = 2e-6;
/**
 * Largest absolute error of a weight, a thousandth of the longest step. Optimizers that divide by
 * a root turn a gradient that is only a rounding error into a full step. Six times the largest
 * error of the engines.
 */
const WEIGHT_TOLERANCE = 2e-6;

const SEED = 5;
const BATCH_SIZE = 8;
const STEPS = 12;

await describeEngines((engine) => {
  for (const feature of FEATURES) {
    it(`trains as the reference does: ${feature.name}`, () => followsReference(engine, feature));
  }
});

async function followsReference(engine: Engine, { plan, examples }: Feature): Promise<void> {
  const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
  const reference = new ReferenceTraining(plan, weights, SEED);
  await using session = disposable(await engine.open(plan, startOf(weights, SEED)));
  for (let step = 0; step < STEPS; step++) {
    const rows = rowsOf(FEATURE_ROWS, BATCH_SIZE, step % 4);
    const rate = Math.fround(0.002 * (1 - step / 20));
    const [actual, expected] = [await session.trainBatch(examples, rows, rate), reference.step(examples, rows, rate)];
    assertClose(actual.lossSum, expected.lossSum, LOSS_TOLERANCE, `loss of step ${step}`);
    assert.deepEqual([actual.correct, actual.count], [expected.correct, rows.length], `hits of step ${step}`);
  }
  const [actual, expected] = [await session.evaluate(examples, BATCH_SIZE), reference.evaluate(examples)];
  assertClose(actual.loss, expected.loss, LOSS_TOLERANCE, "loss of the evaluation");
  const { correct } = expected;
  assert.deepEqual([actual.accuracy, actual.correct, actual.count], [correct / FEATURE_ROWS, correct, FEATURE_ROWS]);
  assertSameTensors(await session.readWeights(), reference.weights(), WEIGHT_TOLERANCE);
}
