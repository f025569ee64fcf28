import assert from "node:assert/strict";
import { test } from "node:test";
import { byObjective, GOALS, isBetter, objectiveOf, scoreOf, signOf } from "./goal.js";

test("the larger score is better under either goal", () => {
  assert.equal(scoreOf(3, "maximize"), 3);
  assert.equal(scoreOf(3, "minimize"), -3);
  assert.ok(isBetter(2, 1, "maximize") && isBetter(1, 2, "minimize"));
  assert.deepEqual(GOALS.map(signOf), [1, -1]);
});

test("an objective is the objective of its score, to the bit", () => {
  for (const goal of GOALS) {
    for (const objective of [0, -0, 1 / 3, -1e300, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
      assert.ok(Object.is(objectiveOf(scoreOf(objective, goal), goal), objective), `${goal} ${objective}`);
    }
  }
});

test("neither of two equal objectives is better, and none is better than NaN", () => {
  for (const goal of GOALS) {
    assert.ok(!isBetter(1, 1, goal) && !isBetter(1, Number.NaN, goal) && !isBetter(Number.NaN, 1, goal));
  }
});

test("sorts the better objective first", () => {
  assert.deepEqual([2, 3, 1].sort(byObjective("maximize")), [3, 2, 1]);
  assert.deepEqual([2, 3, 1].sort(byObjective("minimize")), [1, 2, 3]);
});
