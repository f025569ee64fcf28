import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../validation/problems.js";
import { overrideSpec } from "./check/override.js";
import { checkStudySpec, parseStudySpec } from "./check/parse.js";
import { specDifferences } from "./differences.js";
import { specToJson } from "./json.js";
import { planOf } from "./resolve.fixture.js";
import type { StudySpec } from "./study-spec.js";

const SPEC = {
  name: "example",
  dataset: { name: "mnist", split: { train: [0, 100], validation: [100, 200] } },
  objective: { metric: "val_accuracy", goal: "maximize" },
  budget: { maxTrials: 3 },
  parameters: {
    rate: { type: "double", min: 1e-5, max: 0.1, scale: "log" },
    batch: { type: "integer", min: 16, max: 64 },
  },
  model: { layers: [{ units: 10, activation: "softmax" }] },
  training: {
    optimizer: { type: "adam", learningRate: "$rate" },
    loss: "categorical_crossentropy",
    batchSize: "$batch",
    maxEpochs: 5,
  },
  published: { source: "a book", valAccuracy: 0.5, values: { rate: 0.01 } },
};

test("turns a spec into JSON text that reads back as the same spec", () => {
  const spec = accepted(SPEC);
  const text = JSON.stringify(specToJson(spec));
  const again = parseStudySpec(text);
  assert.ok(again.ok, again.ok ? "" : formatProblems(again.problems));
  assert.deepEqual(again.spec, spec);
  assert.deepEqual(Object.keys(again.spec.parameters), Object.keys(spec.parameters));
  assert.equal(JSON.stringify(specToJson(again.spec)), text);
});

test("gives equal specs the same text whatever the order of their fields", () => {
  const { optimizer, ...rest } = SPEC.training;
  const shuffled = { ...SPEC, training: { ...rest, optimizer: { learningRate: "$rate", type: optimizer.type } } };
  const reversed = Object.fromEntries(Object.entries(shuffled).reverse());
  assert.equal(JSON.stringify(specToJson(accepted(reversed))), JSON.stringify(specToJson(accepted(SPEC))));
  assert.deepEqual(specDifferences(accepted(reversed), accepted(SPEC)), []);
});

test("names every path at which two specs differ", () => {
  const other = structuredClone(SPEC);
  other.budget.maxTrials = 4;
  other.parameters.rate.max = 0.2;
  other.training.maxEpochs = 6;
  other.model.layers.unshift({ units: 3, activation: "relu" });
  assert.deepEqual(specDifferences(accepted(SPEC), accepted(other)), [
    "budget.maxTrials",
    "parameters.rate.max",
    "model.layers",
    "training.maxEpochs",
  ]);
});

test("ignores explicit defaults and notices the order of parameters", () => {
  const written = { ...SPEC, budget: { maxTrials: 3, executionsPerTrial: 1 }, seed: 0 };
  assert.deepEqual(specDifferences(accepted(SPEC), accepted(written)), []);
  const { rate, batch } = SPEC.parameters;
  assert.deepEqual(specDifferences(accepted(SPEC), accepted({ ...SPEC, parameters: { batch, rate } })), ["parameters"]);
});

test("replaces the overridden fields and nothing else", () => {
  const spec = accepted(SPEC);
  const result = overrideSpec(spec, { maxTrials: 2, maxEpochs: 1, seed: 9, oracle: "random" });
  assert.ok(result.ok);
  assert.deepEqual(specDifferences(spec, result.spec), [
    "budget.maxTrials",
    "seed",
    "oracle.type",
    "training.maxEpochs",
  ]);
  assert.equal(planOf(result.spec, { rate: 0.01, batch: 16 }, 0).training.maxEpochs, 1);
  assert.deepEqual(overrideSpec(spec, {}), { ok: true, spec });
});

test("checks overridden values as it checks written ones", () => {
  const result = overrideSpec(accepted(SPEC), { maxTrials: 0, maxEpochs: -1 });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ path }) => path),
    ["budget.maxTrials", "training.maxEpochs"],
  );
});

function accepted(json: unknown): StudySpec {
  const result = checkStudySpec(json);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return result.spec;
}
