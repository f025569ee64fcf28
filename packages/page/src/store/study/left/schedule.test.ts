import assert from "node:assert/strict";
import { test } from "node:test";
import { lastEnd } from "./schedule.js";

/** One trial in five takes 100 s, the others none. */
const LENGTHS = [
  { value: 0, share: 0.8 },
  { value: 100, share: 0.2 },
];

function endOf(count: number, parallel = 1): number {
  const waiting = [{ count, seconds: LENGTHS }];
  return lastEnd({ busy: [], parallel, waiting, executions: 1, experience: { gapSeconds: 0 } });
}

test("as many waiting trials are long as their share lets expect, however few they are", () => {
  assert.deepEqual(
    [1, 2, 5, 10, 15].map((count) => endOf(count)),
    [0, 0, 100, 200, 300],
  );
});

test("long trials are spread, so that free trainers take them side by side", () => {
  assert.equal(endOf(10, 2), 100);
});
