import assert from "node:assert/strict";
import { test } from "node:test";
import { isModulePlan } from "../plan/program-plan.js";
import { parseTrialPlan } from "../plan/schema/parse.js";
import { formatProblems } from "../validation/problems.js";
import { checkStudySpec } from "./check/parse.js";
import { specToJson } from "./json.js";
import { resolvePlan } from "./resolve.js";
import { isModuleStudy } from "./study-spec.js";

const FILES = { "model.mjs": { sha256: "ab".repeat(32), sizeBytes: 3 } };
const TRAINING = {
  optimizer: { type: "adam", learningRate: "$rate" },
  loss: "categorical_crossentropy",
  batchSize: 64,
  maxEpochs: 2,
};

function specWith(model: object, training: object = TRAINING): object {
  return {
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 100], validation: [100, 200] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 3, executionsPerTrial: 2 },
    parameters: {
      rate: { type: "double", min: 0.001, max: 0.1, scale: "log" },
      filters: { type: "integer", min: 1, max: 9 },
    },
    model,
    training,
  };
}

function problemsOf(json: object): string {
  const result = checkStudySpec(json);
  return result.ok ? "" : formatProblems(result.problems);
}

function planOf(json: object): ReturnType<typeof resolvePlan> {
  const result = checkStudySpec(json);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return resolvePlan(result.spec, { rate: 0.01, filters: 4 }, 0);
}

test("a module's plan has the values, the training with references replaced, and its files", () => {
  const result = planOf(specWith({ module: "./model.mjs", files: FILES }));
  if (!result.ok || !isModulePlan(result.plan)) throw new Error(JSON.stringify(result));
  const { plan } = result;
  assert.deepEqual(plan.model, { module: "model.mjs", files: FILES });
  assert.deepEqual(plan.values, { rate: 0.01, filters: 4 });
  assert.equal(plan.training.optimizer?.learningRate, 0.01);
  assert.equal(new Set(plan.seeds).size, 2);
  assert.deepEqual(parseTrialPlan(JSON.parse(JSON.stringify(plan))), { ok: true, plan });
});

test("a spec with paths is accepted, and gives no plan before its files are stored", () => {
  for (const model of [{ module: "model.ts" }, { module: "model.ts", files: ["layers/"] }]) {
    const result = planOf(specWith(model));
    assert.match(JSON.stringify(result), /"path":"model.files","expected":"files by their content; sintonia create/);
  }
});

test("a stored spec is read as it was", () => {
  const result = checkStudySpec(specWith({ module: "./model.mjs", files: FILES }));
  assert.ok(result.ok && isModuleStudy(result.spec));
  assert.deepEqual(checkStudySpec(JSON.parse(JSON.stringify(specToJson(result.spec)))), result);
});

test("a module that compiles its model needs neither optimizer nor loss, and never one of them alone", () => {
  const { optimizer, loss, ...rest } = TRAINING;
  const model = { module: "model.mjs" };
  const unused = specWith(model, rest);
  assert.equal(problemsOf(unused), "");
  assert.match(problemsOf(specWith(model, { ...rest, optimizer })), /training.loss: .*optimizer and loss together/);
  assert.match(problemsOf(specWith(model, { ...rest, loss })), /training.optimizer: .*optimizer and loss together/);
});

test("refuses what cannot be a module, and references without a parameter", () => {
  const refused: [object, RegExp][] = [
    [specWith({ module: "model.py" }), /model.module: .*\.mjs, \.js, \.mts or \.ts/],
    [specWith({ module: "../model.mjs" }), /model.module/],
    [specWith({ module: "/model.mjs" }), /model.module/],
    [specWith({ module: 3 }), /model.module/],
    [specWith({ module: "other.mjs", files: FILES }), /model.files: .*has the module/],
    [specWith({ module: "model.mjs", layers: [] }), /model.layers/],
    [specWith({ module: "model.mjs" }, { ...TRAINING, batchSize: "$size" }), /training.batchSize: .*\$rate, \$filters/],
    [specWith({ module: "model.mjs" }, { ...TRAINING, maxEpochs: 0 }), /training.maxEpochs/],
  ];
  for (const [spec, expected] of refused) assert.match(problemsOf(spec), expected);
});

test("refuses values of a parameter that the training does not accept", () => {
  const spec = specWith({ module: "model.mjs" }, { ...TRAINING, batchSize: "$rate" });
  assert.match(problemsOf(spec), /training.batchSize: .*a whole number.*parameter rate/);
});
