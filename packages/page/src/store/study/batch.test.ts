import assert from "node:assert/strict";
import { test } from "node:test";
import { batched } from "./batch.js";

test("200 items between two renderings are handed over once, in their order", () => {
  const calls: (() => void)[] = [];
  const taken: (readonly number[])[] = [];
  const add = batched<number>(
    (call) => calls.push(call),
    (items) => taken.push(items),
  );
  for (let i = 0; i < 200; i++) add(i);
  for (const call of calls.splice(0)) call();
  add(200);
  for (const call of calls.splice(0)) call();
  assert.deepEqual(taken, [Array.from({ length: 200 }, (_, i) => i), [200]]);
});
