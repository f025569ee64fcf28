import assert from "node:assert/strict";
import { test } from "node:test";
import { Times } from "./times.js";

test("a change gives a new map, and the former one stays as it was", () => {
  const before = Times.of([
    ["0", 1],
    ["64", 2],
    ["test", 3],
  ]);
  const after = before.with("64", 20).without("0");
  assert.deepEqual([...before].sort(), [
    ["0", 1],
    ["64", 2],
    ["test", 3],
  ]);
  assert.deepEqual([...after].sort(), [
    ["64", 20],
    ["test", 3],
  ]);
  assert.deepEqual([after.get("64"), after.has("0"), before.has("0")], [20, false, true]);
});

test("a map without the id stays the same map", () => {
  const times = Times.of([["1", 1]]);
  assert.equal(times.without("65"), times);
});

test("equals a plain map after any changes", () => {
  const plain = new Map<string, number>();
  let times = Times.of([]);
  for (let step = 0; step < 2_000; step += 1) {
    const id = String((step * 7_919) % 300);
    if (step % 3 === 0) {
      plain.delete(id);
      times = times.without(id);
    } else {
      plain.set(id, step);
      times = times.with(id, step);
    }
  }
  assert.deepEqual([...times].sort(), [...plain].sort());
});
