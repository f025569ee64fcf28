import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../validation/problems.js";
import { specToJson } from "../json.js";
import { resolvePlan } from "../resolve.js";
import { checkStudySpec } from "./parse.js";

const OBJECTIVES = [
  { metric: "val_accuracy", goal: "maximize" },
  { metric: "parameters", goal: "minimize" },
];

function specWith(changes: object): object {
  const spec = {
    name: "front",
    dataset: { name: "mnist", split: { train: [0, 600], validation: [600, 800] } },
    objectives: OBJECTIVES,
    budget: { maxTrials: 4 },
    parameters: { units: { type: "integer", min: 2, max: 8 } },
    model: { layers: [{ units: "$units" }, { units: 10, activation: "softmax" }] },
    training: { optimizer: "adam", loss: "categorical_crossentropy", batchSize: 100, maxEpochs: 2 },
    ...changes,
  };
  return JSON.parse(JSON.stringify(spec));
}

function programWith(changes: object): object {
  const { dataset: _, model: _m, training: _t, ...rest } = specWith({}) as Record<string, unknown>;
  return { ...rest, program: { command: ["train"] }, ...changes };
}

function problemsOf(spec: object): string {
  const result = checkStudySpec(spec);
  return result.ok ? "" : formatProblems(result.problems);
}

function accepted(spec: object) {
  const result = checkStudySpec(spec);
  return result.ok ? result.spec : assert.fail(formatProblems(result.problems));
}

test("the first objective is the objective, and the canonical form is accepted again", () => {
  const spec = accepted(specWith({ limits: ["val_loss <= 2"], pick: "knee", testFront: true }));
  assert.deepEqual(spec.objective, OBJECTIVES[0]);
  assert.deepEqual(accepted(JSON.parse(JSON.stringify(specToJson(spec)))), spec);
  assert.match(
    problemsOf(specWith({ objective: { metric: "val_loss", goal: "minimize" } })),
    /objective: .*expected nothing beside objectives/,
  );
});

test("refuses outcomes that no trial has, and proposes one", () => {
  assert.match(problemsOf(specWith({ limits: ["paramters <= 5"] })), /limits\[0\]: .*did you mean parameters\?/);
  assert.match(problemsOf(specWith({ limits: ["latency <= 5"] })), /limits\[0\]: .*did you mean latency_ms\?/);
  const second = { metric: "vall_loss", goal: "minimize" };
  assert.match(problemsOf(specWith({ objectives: [OBJECTIVES[0], second] })), /objectives\[1\].*did you mean val_loss/);
  assert.equal(problemsOf(programWith({ objectives: [OBJECTIVES[0], { ...second, metric: "watts" }] })), "");
});

test("refuses a fact in the first place, whose epochs cannot be compared", () => {
  assert.match(problemsOf(specWith({ objectives: OBJECTIVES.toReversed() })), /objectives\[0\].*a metric of an epoch/);
});

test("refuses what compares trials by one objective", () => {
  const text = problemsOf(
    specWith({
      oracle: { type: "keras-tuner" },
      pruner: "median",
      selection: "observed",
      warmStart: [{ values: { units: 3 }, objective: 1 }],
      budget: { maxTrials: 4, maxGap: 1 },
    }),
  );
  for (const path of ["oracle", "pruner", "selection", "warmStart", "budget.maxGap"]) {
    assert.match(text, new RegExp(`^${path.replace(".", "\\.")}: `, "m"), path);
  }
  assert.equal(problemsOf(specWith({ pruner: { type: "threshold", lower: 0.1 } })), "");
});

test("refuses results before the end of a training, which have one outcome", () => {
  const oracle = { type: "bayesian", fidelity: "epochs" };
  assert.match(problemsOf(specWith({ oracle })), /^oracle\.fidelity: /m);
});

test("one objective with limits keeps pruners and selection, and has no pick", () => {
  const one = { objectives: undefined, objective: OBJECTIVES[0], limits: ["parameters <= 5000"] };
  assert.equal(problemsOf(specWith({ ...one, pruner: "median", selection: "observed" })), "");
  assert.match(problemsOf(specWith({ ...one, pick: "knee" })), /pick: .*nothing without objectives/);
  assert.match(problemsOf(specWith({ ...one, testFront: true })), /testFront: .*nothing without objectives/);
});

test("an outcome must fit the data, at its place in the spec", () => {
  assert.match(problemsOf(specWith({ limits: ["val_loss <= 1", "val_rmse <= 1"] })), /limits\[1\].*classification/);
});

test("names the field for a list of objectives, as KerasTuner has it", () => {
  const text = problemsOf(specWith({ objectives: undefined, objective: OBJECTIVES }));
  assert.match(text, /a list is the field objectives/);
  assert.match(problemsOf(specWith({ objectives: undefined, directions: OBJECTIVES })), /did you mean objectives/);
});

test("a plan asks for what is measured only on demand", () => {
  const asked = (limits: string[]) => {
    const result = resolvePlan(accepted(specWith({ limits })), { units: 3 }, 0);
    return result.ok && "outcomes" in result.plan ? result.plan.outcomes : undefined;
  };
  assert.equal(asked(["val_loss <= 1", "train_seconds <= 5"]), undefined);
  assert.deepEqual(asked(["val_auc >= 0.5", "latency_ms <= 5"]), ["val_auc", "latency_ms"]);
});
