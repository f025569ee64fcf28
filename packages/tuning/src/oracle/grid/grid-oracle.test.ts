import assert from "node:assert/strict";
import { test } from "node:test";
import { constraintsOf } from "../../space/constraint/parse.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { everyValue, pointsOf } from "../../space/sampling/enumeration.js";
import { gridOracle } from "./grid-oracle.js";

const WIDE = { type: "integer", min: 0, max: 100_000, scale: "linear", step: 1 } as const;

/** Asks for points until none is left, without and with told values among them. */
function suggested(region: { space: SearchSpace; constraints: string[] }, limit: number): ParameterValues[] {
  const points: ParameterValues[] = [];
  while (points.length < limit) {
    const latest = points.at(-1);
    const suggestion = gridOracle.suggest({
      space: region.space,
      constraints: constraintsOf(region.constraints),
      goal: "minimize",
      completed: points.map((values) => ({ values, objective: 1 })),
      pending: [],
      infeasible: [],
      trialNumber: points.length,
      ...(latest === undefined ? {} : { latestSuggestion: latest }),
      seed: 1,
    });
    if (suggestion === "exhausted") break;
    points.push(suggestion.values);
  }
  return points;
}

test("goes through the same points as an enumeration, with conditions and constraints", () => {
  const space: SearchSpace = {
    kind: { type: "categorical", values: ["a", "b"] },
    depth: { type: "integer", min: 1, max: 3, scale: "linear", step: 1, when: { kind: ["b"] } },
    x: { type: "double", min: 0, max: 0.5, scale: "linear", step: 0.1 },
    y: { type: "double", min: 0, max: 0.5, scale: "linear", step: 0.1 },
  };
  const constraints = ["x + y <= 0.3", "depth < 3"];
  const expected = [...pointsOf({ space, constraints: constraintsOf(constraints) }, everyValue(space))];
  assert.deepEqual(suggested({ space, constraints }, 1000), expected);
  assert.equal(expected.length, 30);
});

test("finds the few points of a large grid, one after the other", () => {
  const constraints = ["x + y >= 100003", "3*x - y >= 299997"];
  const points = suggested({ space: { x: WIDE, y: WIDE }, constraints }, 1000);
  assert.deepEqual(points, [{ x: 100_000, y: 3 }]);
});

test("ends where opposite constraints leave no sum of whole numbers", () => {
  const constraints = ["2*x + 4*y + 6*z <= 100001", "2*x + 4*y + 6*z >= 100001"];
  assert.deepEqual(suggested({ space: { x: WIDE, y: WIDE, z: WIDE }, constraints }, 1), []);
});

test("ends after its budget where no point is near", () => {
  const constraints = ["2*x + 4*y + 6*z <= 100001.5", "2*x + 4*y + 6*z + w >= 100001.5", "w <= 0", "x + y - z >= 0.5"];
  const w = { type: "double", min: 0, max: 1, scale: "linear" } as const;
  assert.deepEqual(suggested({ space: { x: WIDE, y: WIDE, z: WIDE, w }, constraints }, 1), []);
});
