import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import { standardise, thin, trainingSet } from "./training-set.js";

test("scales numbers of any size to mean 0 and variance 1", () => {
  const expected = [-Math.sqrt(1.5), 0, Math.sqrt(1.5)];
  for (const unit of [1e-320, 1e-300, 1, 1e300]) {
    const scaled = standardise([1 * unit, 2 * unit, 3 * unit]);
    // The smallest unit has 11 bits of precision.
    scaled.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] as number)) < 1e-3, `${value} at scale ${unit}`);
    });
  }
});

test("sees no difference between equal numbers", () => {
  for (const value of [0, 0.1, -1e300, 5e-324]) {
    assert.deepEqual([...standardise([value, value, value])], [0, 0, 0], `${value}`);
  }
});

test("turns the objective around where it is minimised, and puts infeasible points below all", () => {
  const request = requestWith([3, 1, 2], "minimize");
  const { targets, points } = trainingSet(request, designSpace(request.space));
  assert.equal(points.length, 4);
  assert.ok((targets[1] as number) > (targets[2] as number) && (targets[2] as number) > (targets[0] as number));
  assert.ok((targets[3] as number) < (targets[0] as number));
});

test("keeps the best and the latest of very many observations", () => {
  const objectives = Array.from({ length: 2000 }, (_, i) => (i === 5 ? 1e6 : i % 7));
  const request = requestWith(objectives, "maximize");
  const { targets } = trainingSet(request, designSpace(request.space));
  assert.equal(targets.length, 501);
  assert.ok((targets[0] as number) > 10, "the best is among the first");
});

test("thins a set evenly and leaves a small one alone", () => {
  const request = requestWith([1, 2, 3, 4, 5, 6, 7], "maximize");
  const data = trainingSet(request, designSpace(request.space));
  assert.equal(thin(data, 8), data);
  assert.deepEqual(
    [...thin(data, 4).targets],
    [0, 2, 4, 6].map((i) => data.targets[i]),
  );
});

function requestWith(objectives: readonly number[], goal: SuggestionRequest["goal"]): SuggestionRequest {
  return {
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal,
    completed: objectives.map((objective, i) => ({ values: { x: i / objectives.length }, objective })),
    pending: [],
    infeasible: [{ x: 0.95 }],
    trialNumber: objectives.length,
    seed: 1,
  };
}
