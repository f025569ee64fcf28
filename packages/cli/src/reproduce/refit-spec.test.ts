import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@sintonia/proto/sintonia/v1/study";
import { createRandom } from "@sintonia/tuning/random/random";
import { sampleValues } from "@sintonia/tuning/space/sampling/sampling";
import { planOf } from "@sintonia/tuning/spec/resolve.fixture";
import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";
import { loadNamedDataStudy } from "../study/spec/experiments.js";
import { aCompletedTrial } from "../study/study.fixture.js";
import { PUBLISHED_EXPERIMENTS } from "./published-experiments.js";
import { bestTraining, refitSpec } from "./refit-spec.js";

const INIT = loadNamedDataStudy("mnist-init");
const HIGH = Math.fround(0.00168);
const LOW = Math.fround(HIGH * 0.3787);
const LOWER = Math.fround(1e-5);

function refitOf(
  spec: NamedDataStudy,
  learningRates: readonly number[],
  values: Record<string, number> = { stddev: 0.04 },
) {
  const refit = refitSpec(spec, { trialNumber: 3, values, learningRates });
  return { refit, ...planOf(refit, {}, 0) };
}

test("trains the best model on training and validation rows, and keeps the weights of the last epoch", () => {
  const { refit, dataset, objective, model, training } = refitOf(INIT, [HIGH, HIGH, HIGH]);
  assert.equal(refit.name, "mnist-init-refit");
  assert.deepEqual(dataset, { name: "mnist", split: { train: [0, 60_000] } });
  assert.deepEqual(objective, { metric: "accuracy", goal: "maximize" });
  assert.deepEqual(refit.parameters, {});
  assert.deepEqual([refit.budget.maxTrials, refit.seed], [1, INIT.seed]);
  const trial = planOf(INIT, { stddev: 0.04 }, 3);
  assert.deepEqual(model, trial.model);
  const { optimizer, loss, batchSize } = trial.training;
  assert.deepEqual(training, { optimizer, loss, batchSize, maxEpochs: 3, callbacks: [], keep: "last-epoch" });
});

test("repeats the learning rate of every epoch, with boundaries in steps of the refit", () => {
  const rates = [HIGH, HIGH, HIGH, LOW, LOWER, LOWER];
  const { learningRate } = refitOf(INIT, rates).training.optimizer;
  assert.ok(typeof learningRate === "object" && learningRate.type === "PiecewiseConstantDecay");
  const { boundaries, values } = learningRate;
  // Keras' rule: the first value up to and including the first boundary, and so on; steps are
  // counted from 0.
  const rateAt = (step: number) => values[boundaries.filter((boundary) => step > boundary).length] as number;
  const steps = 235; // 60,000 rows in batches of 256, rounded up.
  for (let step = 0; step < rates.length * steps; step++) {
    assert.equal(Math.fround(rateAt(step)), rates[Math.floor(step / steps)], `step ${step}`);
  }
  assert.deepEqual([boundaries.length, values.length], [2, 3]);
});

test("counts steps with the batch size of the best trial", () => {
  const spec = loadNamedDataStudy("mnist-learning-rate");
  const rate = Math.fround(0.002);
  const { training } = refitOf(spec, [rate, LOW], { learningRate: 0.002, batchSize: 64 });
  assert.equal(training.batchSize, 64);
  const boundaries = [937]; // 60,000 / 64 = 937.5, so the first epoch's last step is the 938th.
  assert.deepEqual(training.optimizer.learningRate, {
    type: "PiecewiseConstantDecay",
    boundaries,
    values: [0.002, LOW],
  });
});

test("keeps the schedule of a learning rate", () => {
  const schedule = { type: "ExponentialDecay", initialLearningRate: 0.01, decaySteps: 100, decayRate: 0.9 };
  const training = { ...(INIT.training as object), optimizer: { type: "adam", learningRate: schedule }, callbacks: [] };
  const { optimizer } = refitOf({ ...INIT, training }, [0.01, 0.009]).training;
  assert.deepEqual(optimizer.learningRate, { ...schedule, staircase: false });
});

test("joins validation rows before the training rows, and refuses a gap between them", () => {
  const withSplit = (train: [number, number], validation: [number, number]): NamedDataStudy => ({
    ...INIT,
    dataset: { name: "mnist", split: { train, validation } },
  });
  assert.deepEqual(refitOf(withSplit([100, 300], [50, 100]), [HIGH]).refit.dataset.split.train, [50, 300]);
  assert.throws(() => refitOf(withSplit([0, 100], [101, 200]), [HIGH]), /do not adjoin/);
});

test("contains the published figure of the refit if there is one", () => {
  const { source } = loadNamedDataStudy("mnist-plateau").published ?? {};
  const values = { factor: 0.4, patience: 5 };
  assert.deepEqual(refitOf(loadNamedDataStudy("mnist-plateau"), [HIGH], values).refit.published, {
    source,
    testAccuracy: 0.984,
  });
  assert.equal(refitOf(INIT, [HIGH]).refit.published, undefined);
});

for (const { name } of PUBLISHED_EXPERIMENTS) {
  test(`refits ${name} at random points`, () => {
    const spec = loadNamedDataStudy(name);
    const random = createRandom(1);
    for (let trialNumber = 0; trialNumber < 5; trialNumber++) {
      const values = sampleValues(spec.parameters, random);
      const { model } = planOf(spec, values, trialNumber);
      const refit = refitSpec(spec, { trialNumber, values, learningRates: [HIGH, HIGH, LOW] });
      assert.deepEqual(planOf(refit, {}, 0).model, model);
      assert.deepEqual(refit.dataset.split, { train: [0, 60_000] });
    }
  });
}

function measured(execution: number, epoch: number, learningRate: number): Measurement {
  return { execution, epoch, learningRate, metrics: {}, seconds: 1 };
}

test("extracts the learning rates of the best execution up to its best epoch", () => {
  const best = measured(1, 2, 0.05);
  const measurements = [measured(0, 0, 0.9), measured(0, 1, 0.8), measured(0, 2, 0.7)];
  measurements.push(measured(1, 0, 0.1), measured(1, 1, 0.1), best, measured(1, 3, 0.02));
  assert.deepEqual(bestTraining(aCompletedTrial("07", 0.98, { best, measurements })), {
    trialNumber: 7,
    values: { stddev: 0.05 },
    learningRates: [0.1, 0.1, 0.05],
  });
});
