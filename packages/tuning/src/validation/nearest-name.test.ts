import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "./nearest-name.js";

test("finds the nearest name, whatever its case and separators", () => {
  const known = ["min", "max", "scale", "learningRate"];
  assert.equal(nearestName("learning_rate", known), "learningRate");
  assert.equal(nearestName("Scale", known), "scale");
  assert.equal(nearestName("mni", ["max", "minimum"]), undefined);
  assert.equal(nearestName("learningrat", known), "learningRate");
  assert.equal(nearestName("reduce_lr_on_plateau", ["ReduceLROnPlateau"]), "ReduceLROnPlateau");
});

test("finds a longer name by a part of it", () => {
  assert.equal(nearestName("val_acc", ["loss", "accuracy", "val_loss", "val_accuracy"]), "val_accuracy");
  assert.equal(nearestName("softm", ["linear", "softmax"]), "softmax");
});

test("finds names of peers by their meaning", () => {
  const types = ["double", "integer", "categorical", "boolean", "fixed"];
  for (const [name, meant] of [
    ["int", "integer"],
    ["float", "double"],
    ["choice", "categorical"],
    ["loguniform", "double"],
    ["bool", "boolean"],
    ["constant", "fixed"],
  ] as const) {
    assert.equal(nearestName(name, types), meant, name);
  }
  assert.equal(nearestName("lr", ["type", "learningRate"]), "learningRate");
  assert.equal(
    nearestName("crossentropy", ["binary_crossentropy", "categorical_crossentropy"]),
    "categorical_crossentropy",
  );
});

test("returns nothing if no name is near", () => {
  assert.equal(nearestName("colour", ["min", "max"]), undefined);
  assert.equal(nearestName("x".repeat(100_000), ["min"]), undefined);
  assert.equal(nearestName("a", []), undefined);
  assert.equal(nearestName("n", ["m"]), undefined);
  assert.equal(nearestName("constructor", ["min"]), undefined);
});
