import assert from "node:assert/strict";
import { test } from "node:test";
import type { Aims } from "../objective/outcomes.js";
import { designSpace } from "../space/design-space.js";
import { fitOutcomes } from "./outcome-models.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;
const LIMIT = { text: "size <= 10", name: "size", comparison: "<=", bound: 10 } as const;
const AIMS: Aims = { objectives: [{ name: "loss", goal: "minimize" }], limits: [LIMIT] };

function limitOf(sizes: readonly number[]) {
  const completed = sizes.map((size, i) => ({
    values: { x: i / 10 },
    objective: i,
    outcomes: { loss: { value: i }, size: { value: size } },
  }));
  const history = { space: SPACE, goal: "minimize", completed, infeasible: [], seed: 1 } as const;
  const model = fitOutcomes(history, AIMS, designSpace(SPACE))?.limits[0] ?? assert.fail("no model");
  return Array.from(model.targets, (target) => target >= model.bound);
}

test("a limit holds where the target is at least the bound", () => {
  assert.deepEqual(limitOf([9, 10, 11, 500]), [true, true, false, false]);
  assert.deepEqual(limitOf([11, 12]), [false, false]);
});

test("a limit holds or not for equal outcomes, which have no scale", () => {
  for (const count of [1, 3]) {
    assert.deepEqual(limitOf(Array(count).fill(12)), Array(count).fill(false));
    assert.deepEqual(limitOf(Array(count).fill(10)), Array(count).fill(true));
    assert.deepEqual(limitOf(Array(count).fill(3)), Array(count).fill(true));
  }
});
