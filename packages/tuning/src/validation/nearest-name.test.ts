import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "./nearest-name.js";

test("finds the nearest name, whatever its case", () => {
  const known = ["min", "max", "scale", "learningRate"];
  assert.equal(nearestName("learning_rate", known), "learningRate");
  assert.equal(nearestName("Scale", known), "scale");
  assert.equal(nearestName("mni", ["max", "minimum"]), undefined);
  assert.equal(nearestName("learningrat", known), "learningRate");
});

test("returns nothing if no name is near", () => {
  assert.equal(nearestName("colour", ["min", "max"]), undefined);
  assert.equal(nearestName("x".repeat(100_000), ["min"]), undefined);
  assert.equal(nearestName("a", []), undefined);
});
