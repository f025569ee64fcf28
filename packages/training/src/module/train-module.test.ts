import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import * as tf from "@tensorflow/tfjs";
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint/checkpoint-file.js";
import { startEngine } from "../engine/engines.js";
import { runTfjsModel } from "../model-file/tfjs-prediction.js";
import { evaluateModuleModel } from "./evaluate-module.js";
import { decodeModuleModel, encodeLayersModel, encodeModuleModel } from "./module-file.js";
import { images, moduleFolder, modulePlan, NETWORK, type TrainedModule, train } from "./modules.fixture.js";

const engine = await startEngine("tfjs");
const folder = moduleFolder({ "model.mjs": NETWORK });
const { optimizer: _optimizer, loss: _loss, ...COMPILED } = modulePlan().training;

function completed({ result }: TrainedModule) {
  if (result.kind !== "completed") throw new Error(`the trial ended ${result.kind}`);
  return result;
}

function compiledNetwork(optimizer: string): string {
  return NETWORK.replace(
    "return model;",
    `model.compile({ optimizer: ${optimizer}, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;`,
  );
}

const FIT = `
export async function fit({ model, dataset, callbacks, epochs, initialEpoch, batchSize }) {
  const { inputs, targets } = dataset.train;
  await model.fit(inputs, targets, { epochs, initialEpoch, batchSize, shuffle: false, verbose: 0, callbacks });
}
`;

/** Modules that train in each of the ways, with the training of their plans. */
const WAYS: Readonly<Record<string, { folder: string; training: ModulePlan["training"] }>> = {
  "the optimizer of the plan": { folder, training: modulePlan().training },
  "a compiled Adam": {
    folder: moduleFolder({ "model.mjs": compiledNetwork("tf.train.adam(0.01)") }),
    training: COMPILED,
  },
  "a compiled RMSprop": {
    folder: moduleFolder({ "model.mjs": compiledNetwork("tf.train.rmsprop(0.005)") }),
    training: COMPILED,
  },
  "a fit of its own": {
    folder: moduleFolder({ "model.mjs": compiledNetwork("tf.train.adam(0.01)") + FIT }),
    training: COMPILED,
  },
};

for (const [name, { folder: way, training }] of Object.entries(WAYS)) {
  const plan = modulePlan({ training });

  test(`a model learns with ${name}, the same in every training`, async () => {
    const [first, second] = [await train(engine, { folder: way, plan }), await train(engine, { folder: way, plan })];
    const losses = first.measurements.map(({ metrics }) => metrics["val_loss"] as number);
    assert.equal(losses.length, 3);
    assert.ok((losses[2] as number) < (losses[0] as number), losses.join(", "));
    assert.deepEqual(second.measurements, first.measurements);
    assert.deepEqual(completed(second).weights, completed(first).weights);
    assert.deepEqual(second.model, first.model);
  });

  test(`a training with ${name} resumes from a checkpoint with the same bits`, async () => {
    // Enough steps that powers of Adam's decays differ from their running products.
    const plan = modulePlan({ training: { ...training, batchSize: 2, maxEpochs: 2 } });
    const whole = await train(engine, { folder: way, plan });
    const owner = { trial: "study/0", plan, engine };
    const bytes = encodeCheckpoint(whole.states[0] as never, owner, 1);
    const state = decodeCheckpoint(bytes, owner);
    const resumed = await train(engine, { folder: way, plan, state });
    assert.deepEqual(resumed.measurements, whole.measurements.slice(1));
    assert.deepEqual(completed(resumed).weights, completed(whole).weights);
  });

  test(`a training with ${name} leaves no tensor`, async () => {
    await train(engine, { folder: way, plan });
    const before = tf.memory().numTensors;
    await train(engine, { folder: way, plan });
    assert.equal(tf.memory().numTensors, before);
  });
}

test("the facts that a plan asks for count trained weights and time a prediction", async () => {
  const { facts } = await train(engine, { folder, plan: { ...modulePlan(), outcomes: ["parameters", "latency_ms"] } });
  const trained = completed(await train(engine, { folder, plan: modulePlan() })).weights;
  const count = trained.reduce((sum, { name, values }) => sum + (name.includes("moving") ? 0 : values.length), 0);
  assert.equal(facts.parameters, count);
  assert.equal(facts.latency_ms, 0, "the clock of these tests stands still");
});

test("executions of other seeds start from other weights, and the best one is kept", async () => {
  const plan = modulePlan({ seeds: [1, 2, 3] });
  const trained = await train(engine, { folder, plan });
  const first = (execution: number) =>
    trained.states.find((state) => state.execution === execution)?.session.weights[0]?.values;
  assert.notDeepEqual(first(0), first(1));
  assert.equal(completed(trained).keptEpochs.length, 3);
});

test("weights that the module sets, or draws by seeds of its own, stay", async () => {
  const own = NETWORK.replace(
    "return model;",
    'model.getLayer("mine").setWeights([tf.ones([72, 10]), tf.zeros([10])]); return model;',
  )
    .replace("units: classes,", 'units: classes, name: "mine",')
    .replace("kernelSize: 5,", "kernelSize: 5, kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),");
  const { training } = modulePlan();
  const optimizer = { type: "sgd", learningRate: 1e-30, momentum: 0, nesterov: false } as const;
  const plan = modulePlan({ seeds: [1, 2], training: { ...training, optimizer, maxEpochs: 1 } });
  const trained = await train(engine, { folder: moduleFolder({ "model.mjs": own }), plan });
  const weights = trained.states.map(
    ({ session }) => new Map(session.weights.map(({ name, values }) => [name, values])),
  );
  assert.deepEqual(weights[0]?.get("conv2d_Conv2D1/kernel"), weights[1]?.get("conv2d_Conv2D1/kernel"));
  assert.ok(weights[0]?.get("mine/kernel")?.every((value) => value === 1));
});

test("a stored model has the names of a fresh process, is measured without the module, and loads in tfjs", async () => {
  const trained = await train(engine, { folder, plan: modulePlan() });
  const { weights } = completed(trained);
  assert.deepEqual(
    weights.map(({ name }) => name),
    [
      "conv2d_Conv2D1/kernel",
      "conv2d_Conv2D1/bias",
      "batch_normalization_BatchNormalization1/gamma",
      "batch_normalization_BatchNormalization1/beta",
      "dense_Dense1/kernel",
      "dense_Dense1/bias",
      "batch_normalization_BatchNormalization1/moving_mean",
      "batch_normalization_BatchNormalization1/moving_variance",
    ],
  );
  const stored = decodeModuleModel(encodeModuleModel({ ...trained.model, weights }));
  assert.deepEqual(stored, { ...trained.model, weights });
  const examples = images(32, 2);
  const measured = await evaluateModuleModel(engine, stored, { plan: modulePlan(), examples, batchSize: 16 });
  const kept = trained.measurements[completed(trained).epoch]?.metrics;
  assert.equal(Math.fround(measured.loss), kept?.["val_loss"]);
  assert.equal(Math.fround(measured.accuracy), kept?.["val_accuracy"]);
  const { inputs, features } = examples;
  const outputs = await runTfjsModel(encodeLayersModel(stored), { inputs, features });
  assert.deepEqual([outputs.width, outputs.values.length], [10, 320]);
});

test("a module may import its files, take TypeScript's place in JavaScript, and build a functional model", async () => {
  const plan = modulePlan();
  const files = {
    "model.mjs":
      'import { units } from "./lib/units.mjs";\nexport async function build({ tf, dataset }) {\n' +
      "  const input = tf.input({ shape: [784] });\n" +
      '  const hidden = tf.layers.dense({ units, activation: "relu" }).apply(input);\n' +
      "  const nested = tf.sequential({ layers: [tf.layers.dense({ inputShape: [units], units: 4 })] });\n" +
      '  const output = tf.layers.dense({ units: dataset.outputs, activation: "softmax" });\n' +
      "  return tf.model({ inputs: input, outputs: output.apply(nested.apply(hidden)) });\n}\n",
    "lib/units.mjs": "export const units = 8;\n",
  };
  const own = moduleFolder(files);
  const [first, second] = [await train(engine, { folder: own, plan }), await train(engine, { folder: own, plan })];
  assert.deepEqual(second.model, first.model);
  const stored = { ...first.model, weights: completed(first).weights };
  const measured = await evaluateModuleModel(engine, stored, { plan, examples: images(32, 2), batchSize: 8 });
  assert.equal(measured.count, 32);
});
