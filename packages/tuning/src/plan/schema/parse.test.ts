import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTrainingPlan } from "./parse.js";

const PLAN = {
  dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
  objective: { metric: "val_accuracy", goal: "maximize" },
  model: {
    layers: [
      { units: 800, activation: "relu", kernelInitializer: { type: "RandomNormal", stddev: 0.02 } },
      { units: 10, activation: "softmax" },
    ],
  },
  training: {
    optimizer: { type: "adam", learningRate: 0.001 },
    loss: "categorical_crossentropy",
    batchSize: 256,
    maxEpochs: 100,
    callbacks: [
      { type: "ReduceLROnPlateau", monitor: "val_loss", minDelta: -0.01 },
      { type: "EarlyStopping", monitor: "val_accuracy" },
    ],
  },
  seeds: [1],
};

test("fills in Keras' defaults", () => {
  const result = parseTrainingPlan(PLAN);
  assert.ok(result.ok);
  assert.deepEqual(result.plan.model.layers, [
    {
      type: "Dense",
      units: 800,
      activation: "relu",
      useBias: true,
      kernelInitializer: { type: "RandomNormal", mean: 0, stddev: 0.02 },
      biasInitializer: { type: "Zeros" },
    },
    {
      type: "Dense",
      units: 10,
      activation: "softmax",
      useBias: true,
      kernelInitializer: { type: "GlorotUniform" },
      biasInitializer: { type: "Zeros" },
    },
  ]);
  const adam = { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  assert.deepEqual(result.plan.training.optimizer, adam);
  assert.deepEqual(result.plan.training.callbacks, [
    // The sign of minDelta does not count.
    {
      type: "ReduceLROnPlateau",
      monitor: "val_loss",
      mode: "auto",
      factor: 0.1,
      patience: 10,
      minDelta: 0.01,
      cooldown: 0,
      minLr: 0,
    },
    {
      type: "EarlyStopping",
      monitor: "val_accuracy",
      mode: "auto",
      patience: 0,
      minDelta: 0,
      restoreBestWeights: false,
      startFromEpoch: 0,
    },
  ]);
  assert.deepEqual(result.plan.training.loss, { type: "categorical_crossentropy", labelSmoothing: 0 });
});

function planWith(training: object, layers: object[] = PLAN.model.layers): unknown {
  return { ...PLAN, model: { layers }, training: { ...PLAN.training, ...training } };
}

function problemsOf(plan: unknown): string[] {
  const result = parseTrainingPlan(plan);
  return result.ok ? [] : result.problems.map(({ path, expected }) => `${path}: ${expected}`);
}

test("accepts Keras' aliases, and a name as short for a type with defaults", () => {
  const layers = [
    { units: 4, activation: "swish", kernelInitializer: "he_normal", biasInitializer: { type: "constant", value: 1 } },
    { units: 10, activation: "linear", kernelInitializer: { type: "variance_scaling", distribution: "normal" } },
  ];
  const result = parseTrainingPlan(planWith({ loss: "mse", optimizer: "RMSprop" }, layers));
  assert.ok(result.ok);
  const [first, last] = result.plan.model.layers;
  assert.ok(first?.type === "Dense" && last?.type === "Dense");
  assert.equal(first.activation, "silu");
  assert.deepEqual(first.kernelInitializer, { type: "HeNormal" });
  assert.deepEqual(first.biasInitializer, { type: "Constant", value: 1 });
  const scaling = { type: "VarianceScaling", scale: 1, mode: "fan_in", distribution: "truncated_normal" };
  assert.deepEqual(last.kernelInitializer, scaling);
  assert.equal(result.plan.training.loss.type, "mean_squared_error");
  const rmsprop = { type: "rmsprop", learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false };
  assert.deepEqual(result.plan.training.optimizer, rmsprop);
});

test("refuses arguments that Keras refuses", () => {
  const layer = (change: object) => [{ units: 4, ...change }, ...PLAN.model.layers.slice(1)];
  const refused: [unknown, RegExp][] = [
    [planWith({}, layer({ biasInitializer: "orthogonal" })), /biasInitializer: one of Zeros/],
    [planWith({}, layer({ kernelInitializer: { type: "VarianceScaling", scale: 0 } })), /scale: a number above 0/],
    [planWith({}, [{ type: "Dropout", rate: 1 }, ...PLAN.model.layers]), /rate: a number of at least 0 and below 1/],
    [planWith({}, [...PLAN.model.layers, { type: "Dropout", rate: 0.5 }]), /layers\[2\].type: Dense in the last layer/],
    [
      planWith({ optimizer: { type: "sgd", clipNorm: 1, globalClipNorm: 1 } }),
      /globalClipNorm: nothing beside clipNorm/,
    ],
    [planWith({ loss: { type: "mse", labelSmoothing: 0.1 } }), /loss.labelSmoothing: nothing/],
    [planWith({ loss: "binary_crossentropy" }), /layers\[1\].activation: sigmoid in the last layer/],
  ];
  for (const [plan, message] of refused) assert.match(problemsOf(plan).join("\n"), message);
});

test("refuses a model that exceeds the memory of engines when it is read, not when it trains", () => {
  const wide = (count: number) => Array.from({ length: count }, () => ({ units: 12_000 }));
  const last = { units: 10, activation: "softmax" };
  // 784 x 12,000, then 144 million for each further pair: one pair fits five times into 2^30, two
  // do not.
  assert.deepEqual(problemsOf(planWith({ loss: "mse" }, [...wide(2), last])), []);
  assert.match(
    problemsOf(planWith({}, [...wide(3), last])).join(),
    /^model.layers: layers with five times their weights/,
  );
  const dropout = { type: "Dropout", rate: 0.5 };
  assert.deepEqual(problemsOf(planWith({ batchSize: 4096 }, [{ units: 16_384 }, dropout, last])), []);
  assert.match(
    problemsOf(planWith({ batchSize: 60_000 }, [{ units: 16_384 }, dropout, dropout, last])).join(),
    /4 GiB/,
  );
});

test("refuses ReduceLROnPlateau together with a schedule", () => {
  const learningRate = { type: "ExponentialDecay", initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 };
  const plan = planWith({ optimizer: { type: "sgd", learningRate } });
  assert.match(
    problemsOf(plan).join(),
    /callbacks\[0\].type: a callback that leaves the learning rate to its schedule/,
  );
});

test("accepts a plan without validation rows, and refuses validation metrics in it", () => {
  const dataset = { name: "mnist", split: { train: [0, 60_000] } };
  const training = { ...PLAN.training, callbacks: [{ type: "EarlyStopping", monitor: "loss" }] };
  const plan = { ...PLAN, dataset, objective: { metric: "accuracy", goal: "maximize" }, training };
  assert.deepEqual(problemsOf(plan), []);
  const expected = "loss or accuracy, for the split has no rows for validation";
  assert.deepEqual(problemsOf({ ...PLAN, dataset }), [
    `objective.metric: ${expected}`,
    `training.callbacks[0].monitor: ${expected}`,
    `training.callbacks[1].monitor: ${expected}`,
  ]);
  const watching = { ...training, callbacks: [{ type: "ReduceLROnPlateau" }, { type: "TerminateOnNaN" }] };
  // Keras' default monitor is val_loss.
  assert.deepEqual(problemsOf({ ...plan, training: watching }), [`training.callbacks[0].monitor: ${expected}`]);
});

test("keeps the weights of the best epoch or of the last one", () => {
  const keepOf = (change: object) => {
    const result = parseTrainingPlan(planWith(change));
    assert.ok(result.ok);
    return result.plan.training.keep;
  };
  assert.equal(keepOf({}), undefined);
  assert.equal(keepOf({ keep: "best-epoch" }), "best-epoch");
  assert.equal(keepOf({ keep: "last-epoch" }), "last-epoch");
  assert.match(problemsOf(planWith({ keep: "last" })).join(), /training.keep: one of best-epoch, last-epoch/);
});

test("parses a parsed plan to the same plan", () => {
  const first = parseTrainingPlan(PLAN);
  assert.ok(first.ok);
  assert.deepEqual(parseTrainingPlan(JSON.parse(JSON.stringify(first.plan))), first);
});

test("lists the problems of a plan", () => {
  const wrong = structuredClone(PLAN) as Record<string, unknown>;
  wrong["seeds"] = [-1];
  wrong["loss"] = "mse";
  const result = parseTrainingPlan(wrong);
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ path }) => path),
    ["seeds[0]", "loss"],
  );
  assert.equal(parseTrainingPlan(undefined).ok, false);
});
