import assert from "node:assert/strict";
import { test } from "node:test";
import { completedTrials, curveOf, evidenceOf, requestOf, verdictsOn } from "./curves.fixture.js";
import { createPruner } from "./registry.js";

const pruner = createPruner({ type: "wilcoxon", pThreshold: 0.1, startupSteps: 2 });

test("prunes a trial once enough epochs are worse than the best trial's", () => {
  const others = completedTrials([0.5, 0.6, 0.7, 0.8, 0.9], [0.1, 0.1, 0.1, 0.1, 0.1]);
  // All differences of n pairs have one sign with probability 2^-n; 2^-4 is the first below 0.1.
  assert.equal(verdictsOn(pruner, [0.4, 0.51, 0.62, 0.73, 0.84], others), "cccpp");
  assert.equal(verdictsOn(pruner, [0.5, 0.6, 0.7, 0.8, 0.9], others), "ccccc");
  const losses = completedTrials([5, 4, 3, 2, 1]);
  assert.equal(verdictsOn(pruner, [6, 5.1, 4.2, 3.3, 2.4], losses, { goal: "minimize" }), "cccpp");
});

test("lets a trial go on whose average is that of the best trial or better", () => {
  const others = completedTrials([0.5, 0.5, 0.5, 0.5, 0]);
  assert.equal(verdictsOn(pruner, [0.4, 0.41, 0.42, 0.43], others), "cccc");
});

test("compares with completed trials only, in the epochs that both have", () => {
  assert.equal(verdictsOn(pruner, [0, 0, 0, 0, 0], [curveOf(0, "pruned", [9, 9, 9, 9, 9])]), "ccccc");
  assert.equal(verdictsOn(pruner, [0, 0.1, 0.2, 0.3, 0.4], completedTrials([7, 8, 9])), "ccccc");
});

test("lets a trial go on whose p-value equals the threshold", () => {
  const strict = createPruner({ type: "wilcoxon", pThreshold: 1 / 16, startupSteps: 2 });
  assert.equal(verdictsOn(strict, [0, 0, 0, 0, 0], completedTrials([5, 6, 7, 8, 9])), "ccccp");
});

test("waits for the startup steps", () => {
  const patient = createPruner({ type: "wilcoxon", pThreshold: 0.1, startupSteps: 5 });
  assert.equal(verdictsOn(patient, [0, 0, 0, 0, 0], completedTrials([5, 6, 7, 8, 9])), "ccccp");
});

test("compares the best objectives of ended executions where a trial has several", () => {
  const executions = 6;
  const others = [curveOf(0, "completed", ...[5, 6, 7, 8, 9, 10].map((best) => [best, 1]))];
  const verdict = (...ended: number[]) =>
    pruner.judge(requestOf(curveOf(1, "running", ...ended.map((best) => [best, 0]), [0]), others, { executions }));
  assert.equal(verdict(4, 4, 4).kind, "continue");
  assert.deepEqual(evidenceOf(verdict(4, 4.5, 5, 5.5)), {
    pruner: "wilcoxon",
    execution: 4,
    epoch: 0,
    value: 1 / 16,
    limit: 0.1,
  });
  const later = curveOf(1, "running", [4, 0], [4.5, 0], [5, 0], [5.5, 0], [0, 0]);
  assert.equal(pruner.judge(requestOf(later, others, { executions })).kind, "continue");
});

test("says why", () => {
  assert.equal(
    pruner.reason({ pruner: "wilcoxon", execution: 0, epoch: 3, value: 0.0625, limit: 0.1 }, "val_accuracy"),
    "In epoch 4 its val_accuracy was worse than that of the best completed trial by Wilcoxon's signed-rank test, " +
      "whose p is 0.0625, below 0.1.",
  );
});
