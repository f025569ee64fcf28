import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblems } from "../../../validation/problems.js";
import { resolvePlan, resolveReplicatePlan } from "../../resolve.js";
import type { NetworkStudy } from "../../study-spec.js";
import { checkStudySpec } from "../parse.js";

function spec(executionsPerTrial?: number) {
  return checkStudySpec({
    name: "folds",
    dataset: { path: "wine.csv", target: "class", task: "classification", split: { folds: 5 } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 4, ...(executionsPerTrial === undefined ? {} : { executionsPerTrial }) },
    parameters: { rate: { type: "double", min: 0.001, max: 0.1 } },
    model: { layers: [{ units: 3, activation: "softmax" }] },
    training: {
      optimizer: { type: "adam", learningRate: "$rate" },
      loss: "categorical_crossentropy",
      batchSize: 8,
      maxEpochs: 2,
    },
  });
}

function accepted(executions?: number): NetworkStudy {
  const result = spec(executions);
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return result.spec as NetworkStudy;
}

test("gives a trial one execution for each fold", () => {
  const study = accepted();
  assert.equal(study.budget.executionsPerTrial, 5);
  const resolved = resolvePlan(study, { rate: 0.01 }, 0);
  assert.ok(resolved.ok);
  assert.deepEqual([resolved.plan.folds, resolved.plan.seeds.length], [[0, 1, 2, 3, 4], 5]);
  assert.deepEqual(checkStudySpec(JSON.parse(JSON.stringify(study))).ok, true);
});

test("gives the replicates of contenders the folds in turn", () => {
  const folds = [0, 4, 5, 11].map((round) => {
    const resolved = resolveReplicatePlan(accepted(5), { rate: 0.01 }, round);
    return resolved.ok && "folds" in resolved.plan ? resolved.plan.folds : undefined;
  });
  assert.deepEqual(folds, [[0], [4], [0], [1]]);
});

test("refuses another number of executions", () => {
  const result = spec(3);
  assert.ok(!result.ok);
  assert.match(
    formatProblems(result.problems),
    /^budget.executionsPerTrial: received 3, expected 5 or nothing, for each/,
  );
});
