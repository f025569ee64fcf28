import assert from "node:assert/strict";
import { test } from "node:test";
import { comparable, isTiedInPairs } from "./replicates.js";

test("compares the rounds that all contenders completed", () => {
  const kept = comparable([
    { id: "a", objectives: [1, 2, 3, 4] },
    { id: "b", objectives: [5, undefined, 7, 8] },
  ]);
  assert.deepEqual(kept, [
    { id: "a", objectives: [1, 3, 4] },
    { id: "b", objectives: [5, 7, 8] },
  ]);
});

test("removes the contender without rounds in common with the others", () => {
  const failed = { id: "x", objectives: [undefined, undefined, 3] };
  const others = ["a", "b"].map((id) => ({ id, objectives: [1, 2, undefined] }));
  assert.deepEqual(
    comparable([failed, ...others]).map(({ id }) => id),
    ["a", "b"],
  );
});

test("compares nothing with fewer than two complete rounds or two contenders", () => {
  const none: readonly (readonly (number | undefined)[])[] = [[], [undefined, undefined]];
  for (const objectives of none) assert.deepEqual(comparable(["a", "b"].map((id) => ({ id, objectives }))), []);
  assert.deepEqual(comparable(["a", "b"].map((id) => ({ id, objectives: [1] }))), []);
  assert.deepEqual(comparable([{ id: "a", objectives: [1, 2, 3] }]), []);
  assert.deepEqual(comparable([]), []);
});

test("cancels the effect of a seed that all contenders share", () => {
  const seeds = [0, 10, -5, 3];
  const a = { id: "a", objectives: seeds.map((seed) => seed + 1) };
  const b = { id: "b", objectives: seeds.map((seed, r) => seed + (r % 2) / 10) };
  // Differences 1, 0.9, 1, 0.9: mean 0.95, margin 3.182 * 0.0577 / 2 = 0.092. The margin of
  // unpaired executions would be 10.
  assert.equal(isTiedInPairs(a, b), false);
  assert.equal(isTiedInPairs(a, { id: "c", objectives: seeds.map((seed, r) => seed + 2 * (r % 2)) }), true);
  assert.equal(isTiedInPairs(a, a), true);
});
