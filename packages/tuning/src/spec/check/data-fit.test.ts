import assert from "node:assert/strict";
import { test } from "node:test";
import type { NetworkStudy } from "../study-spec.js";
import { dataFitProblems } from "./data-fit.js";
import { parseStudySpec } from "./parse.js";

const SPEC = `
name: fit
dataset: { name: mnist, split: { train: [0, 100], validation: [100, 200] } }
objective: { metric: val_auc, goal: maximize }
budget: { maxTrials: 4 }
parameters: { activation: { type: categorical, values: [softmax, linear] } }
model: { layers: [{ units: 10, activation: $activation }] }
training:
  { optimizer: adam, loss: mse, batchSize: 10, maxEpochs: 2, callbacks: [{ type: EarlyStopping, monitor: val_auc }] }
`;

function spec(): NetworkStudy {
  const result = parseStudySpec(SPEC);
  assert.ok(result.ok, JSON.stringify(result));
  return result.spec as NetworkStudy;
}

test("accepts a spec that fits its data", () => {
  assert.deepEqual(
    dataFitProblems(spec(), { task: "classification", outputs: 10, features: 784, hasValidation: true }),
    [],
  );
});

test("finds each place that does not fit, once, over the whole space", () => {
  const problems = dataFitProblems(spec(), { task: "regression", outputs: 10, features: 784, hasValidation: true });
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["objective.metric", "training.callbacks[0].monitor"],
  );
  const [units] = dataFitProblems(spec(), { task: "classification", outputs: 3, features: 784, hasValidation: true });
  assert.deepEqual([units?.path, units?.received], ["model.layers[0].units", "10"]);
});
