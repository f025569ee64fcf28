import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../validation/problems.js";
import { overrideSpec } from "./check/override.js";
import { checkStudySpec } from "./check/parse.js";
import { specDifferences } from "./differences.js";
import { planIn, planOf } from "./resolve.fixture.js";
import { resolveReplicatePlan } from "./resolve.js";
import { selectionOf, trialsMax } from "./selection.js";

const SPEC = {
  name: "example",
  dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
  objective: { metric: "val_accuracy", goal: "maximize" },
  budget: { maxTrials: 10, executionsPerTrial: 2 },
  parameters: { rate: { type: "double", min: 0.001, max: 0.1 } },
  model: { layers: [{ units: 10, activation: "softmax" }] },
  training: {
    optimizer: { type: "adam", learningRate: "$rate" },
    loss: "categorical_crossentropy",
    batchSize: 32,
    maxEpochs: 2,
  },
};

function specWith(fields: object) {
  const result = checkStudySpec({ ...SPEC, ...fields });
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return result.spec;
}

test("is posterior-mean by default, and observed with the oracle keras-tuner", () => {
  assert.deepEqual(selectionOf(specWith({})), { rule: "posterior-mean" });
  assert.deepEqual(selectionOf(specWith({ oracle: { type: "keras-tuner" } })), { rule: "observed" });
  const explicit = specWith({ oracle: { type: "keras-tuner" }, selection: "posterior-mean" });
  assert.deepEqual(selectionOf(explicit), { rule: "posterior-mean" });
  const overridden = overrideSpec(specWith({}), { oracle: "keras-tuner" });
  assert.deepEqual(overridden.ok && selectionOf(overridden.spec), { rule: "observed" });
});

test("is read from a text or a mapping, with the defaults of its rule", () => {
  assert.deepEqual(selectionOf(specWith({ selection: "observed" })), { rule: "observed" });
  const replicate = { rule: "replicate", top: 3, executions: 5 };
  assert.deepEqual(selectionOf(specWith({ selection: "replicate" })), replicate);
  assert.deepEqual(selectionOf(specWith({ selection: { rule: "replicate", top: 2 } })), { ...replicate, top: 2 });
});

test("is the same study with an explicit default", () => {
  assert.deepEqual(specDifferences(specWith({}), specWith({ selection: { rule: "posterior-mean" } })), []);
  assert.deepEqual(specDifferences(specWith({}), specWith({ selection: "observed" })), ["selection.rule"]);
});

test("adds its executions to the trials of a study, not to the oracle's budget", () => {
  assert.equal(trialsMax(specWith({})), 10);
  assert.equal(trialsMax(specWith({ selection: { rule: "replicate", top: 4, executions: 6 } })), 34);
});

test("trains every contender of a round once, with the same seed, which no trial had", () => {
  const spec = specWith({});
  const [low, high] = [0.001, 0.1].map((rate) => planIn(resolveReplicatePlan(spec, { rate }, 3)));
  assert.deepEqual(low?.seeds, high?.seeds);
  assert.equal(low?.seeds.length, 1);
  assert.equal(high?.training.optimizer.learningRate, 0.1);
  const rounds = Array.from(
    { length: 100 },
    (_, round) => planIn(resolveReplicatePlan(spec, { rate: 0.1 }, round)).seeds[0],
  );
  const trials = Array.from({ length: 100 }, (_, number) => planOf(spec, { rate: 0.1 }, number).seeds).flat();
  assert.equal(new Set([...rounds, ...trials]).size, 300);
});
