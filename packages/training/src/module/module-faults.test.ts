import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import { startEngine } from "../engine/engines.js";
import { images, moduleFolder, modulePlan, NETWORK, train } from "./modules.fixture.js";
import { UnsuitableEngineError } from "./train-module.js";
import { ModuleError } from "./user/module-error.js";

const engine = await startEngine("tfjs");
const { optimizer: _optimizer, loss: _loss, ...COMPILED } = modulePlan().training;

const DENSE = (units: string, activation = "softmax", shape = "[784]") => `export function build({ tf }) {
  return tf.sequential({ layers: [
    tf.layers.dense({ inputShape: ${shape}, units: ${units}, activation: "${activation}" }),
  ] });
}`;

const COMPILED_NETWORK = NETWORK.replace(
  "return model;",
  'model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" }); return model;',
);

const FIT = (body: string) => `${COMPILED_NETWORK}export async function fit({ model, callbacks }) { ${body} }`;

/** Modules with a fault, and the one line that says so. */
const FAULTS: Readonly<Record<string, [module: string, message: RegExp, training?: ModulePlan["training"]]>> = {
  "a syntax error": [
    "export function build( {\n  return 1;\n",
    /^model\.mjs:2: its import threw SyntaxError: Unexpected number$/,
  ],
  "an error at import": ["\n\nthrow new TypeError('no luck');", /^model\.mjs:3: its import threw TypeError: no luck$/],
  "a package that is not there": [
    'import "lodash-of-nobody";',
    /^model\.mjs: its import threw: .*lodash-of-nobody.*; a module imports its own files, which model\.files lists/,
  ],
  "a file that is not there": ['import "./absent.mjs";', /^model\.mjs: .*absent\.mjs.*model\.files lists/],
  "no build": ["export const built = 1;", /^model\.mjs: it has no export called build; expected export function build/],
  "a build that is no function": ["export const build = 1;", /^model\.mjs: its export build is no function/],
  "a build that throws": [
    "export function build() {\n  throw new Error('a\\nb');\n}",
    /^model\.mjs:2: build threw: a b$/,
  ],
  "a build that throws a text": ["export function build() { throw 'text'; }", /^model\.mjs: build threw: text$/],
  "a build that rejects": [
    "export async function build({ values }) {\n  await null;\n  values.absent.x;\n}",
    /^model\.mjs:3: build threw TypeError: Cannot read properties of undefined/,
  ],
  "layers that tfjs refuses": [DENSE("0").replace("units: 0", "units: -1"), /^model\.mjs:3: build threw.*units.*-1/],
  "no model": ["export function build() {}", /^model\.mjs: build returned nothing; expected a LayersModel/],
  "a number": ["export function build() { return 3; }", /^model\.mjs: build returned 3; expected a LayersModel/],
  "a model of nobody": [
    "export function build() { return new (class Model {})(); }",
    /^model\.mjs: build returned an object of class Model; expected a LayersModel/,
  ],
  "outputs of another number": [
    DENSE("9"),
    /^model\.mjs: build returned a model with outputs of shape \[9\]; expected \[10\]/,
  ],
  "outputs of another rank": [
    DENSE("10", "softmax", "[28, 28]"),
    /^model\.mjs: build returned a model with outputs of shape \[28, 10\]; expected \[10\]/,
  ],
  "inputs of another number": [
    DENSE("10", "softmax", "[100]"),
    /^model\.mjs: build returned a model for rows of shape \[100\]; expected \[28, 28, 1\] .* of 784 values$/,
  ],
  "no probabilities": [
    DENSE("10", "linear"),
    /^model\.mjs: build returned a model with outputs.*probabilities.*softmax$/,
  ],
  "no weights to train": [
    `export function build({ tf }) {
       const output = tf.layers.dense({ inputShape: [784], units: 10, activation: "softmax", trainable: false });
       const model = tf.sequential({ layers: [output] });
       return model;
     }`,
    /^model\.mjs: build returned a model without weights to train$/,
  ],
  "two outputs": [
    `export function build({ tf }) {
       const input = tf.input({ shape: [784] });
       const layer = () => tf.layers.dense({ units: 10, activation: "softmax" }).apply(input);
       return tf.model({ inputs: input, outputs: [layer(), layer()] });
     }`,
    /^model\.mjs: build returned a model with 1 inputs and 2 outputs; expected one of each$/,
  ],
  "a layer of its own": [
    `export function build({ tf }) {
       class Mine extends tf.layers.Layer { static className = "Mine"; call(input) { return input[0]; } }
       tf.serialization.registerClass(Mine);
       const output = tf.layers.dense({ units: 10, activation: "softmax" });
       return tf.sequential({ layers: [new Mine({ inputShape: [784] }), output] });
     }`,
    /^model\.mjs: build returned a model with Mine, a class of the module/,
  ],
  "nothing that optimizes": [DENSE("10"), /^model\.mjs: the model has no loss that the evaluation knows/, COMPILED],
  "a loss of its own": [
    DENSE("10")
      .replace("return", "const model =")
      .replace(
        "] });",
        "] });\n  model.compile({ optimizer: 'sgd', loss: (a, b) => a.sub(b).square() });\n  return model;",
      ),
    /^model\.mjs: the model has no loss that the evaluation knows; give training\.loss/,
    COMPILED,
  ],
  "an optimizer that tfjs cannot save": [
    NETWORK.replace(
      "return model;",
      "model.compile({ optimizer: tf.train.adamax(0.1), loss: 'categoricalCrossentropy' });\n  return model;",
    ),
    /^model\.mjs: tfjs cannot save the state of Adamax/,
    COMPILED,
  ],
  "a fit beside an optimizer of the plan": [
    FIT(""),
    /^model\.mjs: fit trains with the model's own optimizer; leave training\.optimizer out/,
  ],
  "a fit that throws": [FIT("\n throw new Error('stuck');"), /^model\.mjs:\d+: fit threw: stuck$/, COMPILED],
  "a fit without an epoch": [FIT(""), /^model\.mjs: fit ended without calling callbacks\.onEpochEnd$/, COMPILED],
  "a fit without a loss": [
    FIT("await callbacks.onEpochEnd(0, { acc: 1 });"),
    /^model\.mjs: fit reported an epoch without loss/,
    COMPILED,
  ],
  "a fit that does not wait": [
    FIT("callbacks.onEpochEnd(0, { loss: 1 }); await callbacks.onEpochEnd(1, { loss: 1 });"),
    /^model\.mjs.*: fit threw: callbacks\.onEpochEnd was called before its promise was fulfilled; await it$/,
    COMPILED,
  ],
};

for (const [name, [text, message, training = modulePlan().training]] of Object.entries(FAULTS)) {
  test(`says in one line that a module has ${name}`, async () => {
    const folder = moduleFolder({ "model.mjs": text });
    await assert.rejects(train(engine, { folder, plan: modulePlan({ training }) }), (error) => {
      assert.ok(error instanceof ModuleError, String(error));
      assert.match(error.message, message);
      assert.equal(error.isInfeasible, false);
      assert.doesNotMatch(error.message, /\n/);
      assert.ok(!error.message.includes(folder), error.message);
      return true;
    });
  });
}

test("an InfeasibleError of a module makes its values infeasible", async () => {
  const text =
    "export function build() {\n  throw Object.assign(new Error('too deep'), { name: 'InfeasibleError' });\n}";
  const training = train(engine, { folder: moduleFolder({ "model.mjs": text }), plan: modulePlan() });
  await assert.rejects(training, { message: "model.mjs:2: too deep", isInfeasible: true });
});

test("a loss that becomes NaN makes the trial infeasible, in every way to train", async () => {
  const nan = FIT("await callbacks.onEpochEnd(0, { loss: NaN });");
  const fitted = await train(engine, {
    folder: moduleFolder({ "model.mjs": nan }),
    plan: modulePlan({ training: COMPILED }),
  });
  assert.deepEqual(fitted.result, { kind: "infeasible", message: "Loss became NaN in epoch 1." });
  const { training } = modulePlan();
  const optimizer = { type: "sgd", learningRate: 1e30, momentum: 0, nesterov: false } as const;
  const loss = { type: "mean_squared_error", labelSmoothing: 0 } as const;
  const plan = modulePlan({ training: { ...training, optimizer, loss } });
  const diverged = await train(engine, { folder: moduleFolder({ "model.mjs": DENSE("10", "linear") }), plan });
  assert.match(
    JSON.stringify(diverged.result),
    /"infeasible","message":"Loss became (NaN|infinite) in epoch 1, step \d/,
  );
});

test("a fit ends when its trial does, and fewer epochs than the limit complete the trial", async () => {
  const endless = FIT("for (let epoch = 0; ; epoch++) await callbacks.onEpochEnd(epoch, { loss: 1 });");
  const plan = modulePlan({ training: COMPILED });
  const trained = await train(engine, { folder: moduleFolder({ "model.mjs": endless }), plan });
  assert.deepEqual([trained.result.kind, trained.measurements.length], ["completed", 3]);
  const short = FIT("await callbacks.onEpochEnd(0, { loss: 1 });");
  const ended = await train(engine, { folder: moduleFolder({ "model.mjs": short }), plan });
  assert.deepEqual([ended.result.kind, ended.measurements.length], ["completed", 1]);
});

test("refuses an engine that is not of tfjs, with the way out", async () => {
  const onnx = await startEngine("onnx");
  const folder = moduleFolder({ "model.mjs": NETWORK });
  await assert.rejects(train(onnx, { folder, plan: modulePlan() }), (error) => {
    assert.ok(error instanceof UnsuitableEngineError);
    assert.match(
      error.message,
      /^engine onnx cannot train the model of a module; start the trainer with SINTONIA_ENGINE/,
    );
    return true;
  });
});

test("the fixture's images have every class", () => {
  const { targets } = images(64);
  assert.equal(targets.kind === "classes" && new Set(targets.labels).size, 10);
});
