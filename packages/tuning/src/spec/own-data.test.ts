import assert from "node:assert/strict";
import { test } from "node:test";
import { isFileDataSet } from "../plan/training-plan.js";
import { formatProblems } from "../validation/problems.js";
import { checkStudySpec } from "./check/parse.js";
import { namedFiles, storedFiles, withFiles } from "./spec-files.js";
import type { StudySpec } from "./study-spec.js";

const SHA = "ab".repeat(32);

function specWith(dataset: unknown, metric = "val_loss"): object {
  return {
    name: "study",
    dataset,
    objective: { metric, goal: "minimize" },
    budget: { maxTrials: 3 },
    parameters: { rate: { type: "double", min: 0.001, max: 0.1 } },
    model: { layers: [{ units: 10, activation: "softmax" }] },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: 8,
      maxEpochs: 2,
    },
  };
}

function problemsOf(dataset: unknown, metric?: string): string {
  const result = checkStudySpec(specWith(dataset, metric));
  return result.ok ? "" : formatProblems(result.problems);
}

function accepted(dataset: unknown): StudySpec {
  const result = checkStudySpec(specWith(dataset));
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.spec;
}

const WINE = { path: "wine.csv", target: "class", task: "classification" };

test("accepts a data set of own files beside the known ones", () => {
  const { dataset } = accepted(WINE);
  assert.ok(dataset !== undefined && isFileDataSet(dataset));
  assert.equal(problemsOf({ name: "mnist", split: { train: [0, 10], validation: [10, 20] } }), "");
});

test("names the files of a data set until they have their content", () => {
  const spec = accepted({ train: "a.csv", test: "b.csv", target: "y", task: "classification" });
  assert.deepEqual(namedFiles(spec), [{ part: "dataset", paths: ["a.csv", "b.csv"] }]);
  const files = { "a.csv": { sha256: SHA, sizeBytes: 1 }, "b.csv": { sha256: SHA, sizeBytes: 2 } };
  const complete = withFiles(spec, "dataset", files);
  assert.deepEqual([namedFiles(complete), storedFiles(complete)], [[], files]);
  assert.ok(checkStudySpec(complete).ok);
});

test("checks a data set by the form that it has", () => {
  assert.match(problemsOf({ name: "minst", split: { train: [0, 1] } }), /dataset.name: .*did you mean mnist/);
  assert.match(problemsOf({}), /dataset.name: .*mnist, fashion-mnist/);
  assert.match(problemsOf({ ...WINE, taks: 1 }), /dataset.taks: .*did you mean task/);
  assert.match(problemsOf({ path: "wine.csv", target: "class" }), /^dataset.task: /);
  assert.match(problemsOf("wine.csv"), /^dataset: /);
  assert.match(problemsOf({ ...WINE, split: { validation: 2 } }), /dataset.split.validation/);
});

test("refuses validation metrics of a split without validation rows", () => {
  assert.match(problemsOf({ ...WINE, split: { validation: 0 } }), /objective.metric: .*no rows for validation/);
  assert.equal(problemsOf({ ...WINE, split: { validation: 0 } }, "loss"), "");
  assert.equal(problemsOf({ ...WINE, split: { folds: 5 } }), "");
});
