import assert from "node:assert/strict";
import { test } from "node:test";
import type { PrunedTrial } from "../../objective/observation.js";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { withPrunedTrials } from "./pruned-trials.js";

const AT = (x: number) => ({ x });

function objectivesWith(pruned: readonly PrunedTrial[], parts: Partial<SuggestionRequest>): number[] {
  const request: SuggestionRequest = {
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal: "minimize",
    completed: [1, 2, 3, 4, 5].map((objective) => ({ values: AT(objective / 10), objective })),
    pending: [],
    infeasible: [],
    trialNumber: 9,
    seed: 1,
    pruned,
    ...parts,
  };
  const { completed } = withPrunedTrials(request);
  return completed.slice(request.completed.length).map(({ objective }) => objective);
}

test("clips the objective of a pruned trial to the range from the worst to the median", () => {
  const pruned = [3.5, 1.5, 400].map((objective) => ({ values: AT(0.9), objective }));
  assert.deepEqual(objectivesWith(pruned, {}), [3.5, 3, 5]);
  assert.deepEqual(objectivesWith(pruned, { goal: "maximize" }), [3, 1.5, 3]);
});

test("ignores pruned trials without an objective, and all while none has completed", () => {
  assert.deepEqual(objectivesWith([{ values: AT(0.9) }], {}), []);
  assert.deepEqual(objectivesWith([{ values: AT(0.9), objective: 3 }], { completed: [] }), []);
});
