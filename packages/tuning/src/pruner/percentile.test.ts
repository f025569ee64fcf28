import assert from "node:assert/strict";
import { test } from "node:test";
import { completedTrials, curveOf, evidenceOf, requestOf, verdictsOn } from "./curves.fixture.js";
import { createPruner } from "./registry.js";

const RULE = { startupTrials: 0, warmupEpochs: 0, interval: 1, minTrials: 1 };
const median = (settings: Partial<typeof RULE> = {}) => createPruner({ type: "median", ...RULE, ...settings });

test("prunes a trial that is worse than the median, and none that equals it", () => {
  const others = completedTrials([0.1, 0.5], [0.2, 0.6], [0.3, 0.7]);
  assert.equal(verdictsOn(median(), [0.2, 0.6], others), "cc");
  assert.equal(verdictsOn(median(), [0.2, 0.59], others), "cp");
  assert.equal(verdictsOn(median(), [0.1], others, { goal: "minimize" }), "c");
  assert.equal(verdictsOn(median(), [0.21], others, { goal: "minimize" }), "p");
});

test("compares the best epochs so far, not the last ones", () => {
  const others = completedTrials([0.5, 0.1, 0.1]);
  assert.equal(verdictsOn(median(), [0.5, 0.2, 0.2], others), "ccc");
  assert.equal(verdictsOn(median(), [0.6, 0.1, 0.1], others), "ccc");
  assert.equal(verdictsOn(median(), [0.4, 0.4, 0.4], others), "ppp");
});

test("counts a completed trial in the epochs after its early stop", () => {
  const others = completedTrials([0.5], [0.1, 0.2, 0.3], [0.1, 0.2, 0.3]);
  assert.equal(verdictsOn(median(), [0.4, 0.4, 0.29], others), "ccc");
  assert.deepEqual(evidenceOf(median().judge(requestOf(curveOf(3, "running", [0, 0, 0]), others))), {
    pruner: "median",
    execution: 0,
    epoch: 2,
    value: 0,
    limit: 0.3,
    trials: 3,
  });
});

test("compares with completed trials only", () => {
  const states = ["running", "paused", "pruned", "ended"] as const;
  const others = states.map((state, number) => curveOf(number, state, [0.9]));
  assert.equal(verdictsOn(median(), [0.1], others), "c");
});

test("waits for the startup trials, the warm-up, the interval and enough trials in an epoch", () => {
  const others = completedTrials([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]);
  const bad = [0, 0, 0, 0, 0, 0];
  assert.equal(verdictsOn(median({ startupTrials: 2 }), bad, others), "pppppp");
  assert.equal(verdictsOn(median({ startupTrials: 3 }), bad, others), "cccccc");
  assert.equal(verdictsOn(median({ warmupEpochs: 2 }), bad, others), "ccpppp");
  assert.equal(verdictsOn(median({ warmupEpochs: 1, interval: 3 }), bad, others), "cpccpc");
  assert.equal(verdictsOn(median({ minTrials: 3 }), bad, others), "cccccc");
});

test("compares an execution with the same execution of others", () => {
  const others = [curveOf(0, "completed", [0.9, 0.9], [0.1, 0.2])];
  const second = curveOf(1, "running", [0.9], [0.1, 0.15]);
  const evidence = evidenceOf(median().judge(requestOf(second, others, { executions: 2 })));
  assert.deepEqual([evidence.execution, evidence.epoch, evidence.value, evidence.limit], [1, 1, 0.15, 0.2]);
});

test("keeps the best share of a percentile", () => {
  const others = completedTrials([1], [2], [3], [4], [5]);
  const kept = (percentile: number, value: number, goal: "maximize" | "minimize") =>
    verdictsOn(createPruner({ type: "percentile", percentile, ...RULE }), [value], others, { goal }) === "c";
  assert.deepEqual([kept(25, 4, "maximize"), kept(25, 3.99, "maximize")], [true, false]);
  assert.deepEqual([kept(25, 2, "minimize"), kept(25, 2.01, "minimize")], [true, false]);
  assert.deepEqual([kept(0, 5, "maximize"), kept(0, 4.99, "maximize")], [true, false]);
  assert.deepEqual([kept(100, 1, "maximize"), kept(100, 0.99, "maximize")], [true, false]);
});

test("says why to a person, who counts from 1", () => {
  const evidence = { execution: 0, epoch: 12, value: 0.9521, limit: 0.9610000001, trials: 14 };
  assert.equal(
    median().reason({ pruner: "median", ...evidence }, "val_accuracy"),
    "In epoch 13 its best val_accuracy, 0.9521, was worse than 0.961, the median of 14 completed trials.",
  );
  const percentile = createPruner({ type: "percentile", percentile: 25, ...RULE });
  assert.equal(
    percentile.reason({ pruner: "percentile", ...evidence, execution: 1, trials: 1 }, "val_loss"),
    "In epoch 13 of execution 2 its best val_loss, 0.9521, was worse than 0.961, " +
      "which the best 25 % of 1 completed trial reached.",
  );
});
