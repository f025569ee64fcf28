import assert from "node:assert/strict";
import { test } from "node:test";
import { comparedLeaves, differs } from "./comparison.js";

test("specs are compared leaf by leaf, and lists of plain values as a whole", () => {
  const rows = comparedLeaves([
    { seed: 1, budget: { maxTrials: 4 }, values: [1, 2] },
    { seed: 1, budget: { maxTrials: 8 }, oracle: { type: "grid" } },
  ]);
  assert.deepEqual(rows, [
    { name: "seed", texts: ["1", "1"] },
    { name: "budget.maxTrials", texts: ["4", "8"] },
    { name: "values", texts: ["[1,2]", ""] },
    { name: "oracle.type", texts: ["", "grid"] },
  ]);
  assert.deepEqual(
    rows.filter(differs).map(({ name }) => name),
    ["budget.maxTrials", "values", "oracle.type"],
  );
});
