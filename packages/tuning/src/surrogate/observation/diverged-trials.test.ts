import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { withDivergedTrials } from "./diverged-trials.js";

function requestOf(objectives: readonly number[], parts: Partial<SuggestionRequest> = {}): SuggestionRequest {
  return {
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal: "minimize",
    completed: objectives.map((objective, i) => ({ values: { x: i / 100 }, objective })),
    pending: [],
    infeasible: [],
    trialNumber: objectives.length,
    seed: 1,
    ...parts,
  };
}

/** Returns the objectives of trials that did not diverge, and the number of failed trials. */
function split(objectives: readonly number[], parts: Partial<SuggestionRequest> = {}) {
  const { completed, failed = [] } = withDivergedTrials(requestOf(objectives, parts));
  return [completed.map(({ objective }) => objective), failed.length];
}

test("counts objectives beyond a large step as diverged, however many and however large", () => {
  assert.deepEqual(split([0.3, 1e30, 0.2, 0.9, 1e300, 0.4, 0.5]), [[0.3, 0.2, 0.9, 0.4, 0.5], 2]);
  assert.deepEqual(split([0.3, -1e9, 0.2, 0.9, 0.4, 0.5], { goal: "maximize" }), [[0.3, 0.2, 0.9, 0.4, 0.5], 1]);
  assert.deepEqual(split([0, 1, 2, 3, 451], { failed: [{ x: 1 }] }), [[0, 1, 2, 3], 2]);
  const huge = [1.5e308, 1, 2, 3, 4, -1.5e308];
  assert.deepEqual(split(huge, { goal: "maximize" }), [huge, 0], "a step among the better half is progress");
});

test("does not count early trials as diverged because later ones are far better", () => {
  const early = [3, 7, 0.5, 12, 5, 9, 2, 30, 0.8, 4];
  const late = Array.from({ length: 40 }, (_, i) => 1e-6 * (1 + i));
  assert.deepEqual(split([...early, ...late]), [[...early, ...late], 0]);
  assert.deepEqual(split([...early, 1e6, ...late]), [[...early, ...late], 1]);
});

test("accepts small steps, steps among the better half, few trials, and equal objectives", () => {
  for (const objectives of [
    [0, 1, 2, 3, 449],
    [0, 1, 10, 100, 1e5],
    [0, 1e-9, 1, 2, 3],
    [0, 1, 2, 1e30],
    [5, 5, 5, 5, 5, 7],
    [5, 5, 5, 5, 5],
    [5, 5, 5, 5, 5, 5 + 1e-15, 7],
  ]) {
    const request = requestOf(objectives);
    assert.equal(withDivergedTrials(request), request, objectives.join());
  }
});
