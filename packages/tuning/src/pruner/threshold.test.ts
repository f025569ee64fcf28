import assert from "node:assert/strict";
import { test } from "node:test";
import { curveOf, evidenceOf, requestOf, verdictsOn } from "./curves.fixture.js";
import { createPruner } from "./registry.js";

const RULE = { type: "threshold", warmupEpochs: 0, interval: 1 } as const;

test("prunes a trial whose best objective is beyond a limit, and none on it", () => {
  const pruner = createPruner({ ...RULE, lower: 0.2, upper: 0.9 });
  assert.equal(verdictsOn(pruner, [0.2, 0.1, 0.9, 0.91], []), "cccp");
  assert.equal(verdictsOn(pruner, [0.19, 0.2], []), "pc");
  assert.equal(verdictsOn(pruner, [0.95, 0.9, 0.95], [], { goal: "minimize" }), "pcc");
});

test("waits for the warm-up and the interval", () => {
  const pruner = createPruner({ ...RULE, upper: 1, warmupEpochs: 1, interval: 2 });
  assert.equal(verdictsOn(pruner, [5, 4, 3, 2, 1], [], { goal: "minimize" }), "cpcpc");
});

test("says which limit", () => {
  const pruner = createPruner({ ...RULE, lower: 0.2, upper: 3 });
  const low = evidenceOf(pruner.judge(requestOf(curveOf(0, "running", [0.1]), [])));
  assert.equal(
    pruner.reason(low, "val_accuracy"),
    "In epoch 1 its best val_accuracy, 0.1, was below the lower limit, 0.2.",
  );
  const high = evidenceOf(pruner.judge(requestOf(curveOf(0, "running", [9, 4]), [], { goal: "minimize" })));
  assert.equal(pruner.reason(high, "val_loss"), "In epoch 2 its best val_loss, 4, was above the upper limit, 3.");
});
