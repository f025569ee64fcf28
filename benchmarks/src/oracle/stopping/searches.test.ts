import assert from "node:assert/strict";
import { test } from "node:test";
import { endOf, type Prospect } from "./searches.js";

function courseOf(gaps: readonly number[]): Prospect[] {
  return gaps.map((gap, i) => ({ trials: 20 + i, outlook: { expectedImprovement: 1, gap }, regret: 0 }));
}

test("a search ends with the last outlook of a run below the limit, and an outlook above it begins a new run", () => {
  const course = courseOf([0.05, 0.05, 0.2, 0.05, 0.05, 0.05, 0.01]);
  const rule = { limit: "maxGap", value: 0.1 } as const;
  assert.deepEqual(
    [1, 2, 3, 5].map((run) => endOf(course, { ...rule, run })?.trials),
    [20, 21, 25, undefined],
  );
  assert.equal(endOf(course, { ...rule, limit: "minImprovement", run: 1 }), undefined);
});
