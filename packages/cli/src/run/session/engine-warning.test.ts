import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { engineWarning } from "./engine-warning.js";

test("warns of the engine without native code, wherever its name comes from", () => {
  assert.match(engineWarning("tfjs", {}) ?? "", /^Warning {5}engine tfjs .* 100 times slower than onnx/);
  assert.match(engineWarning(undefined, { SINTONIA_ENGINE: "tfjs" }) ?? "", /100 times slower/);
  assert.equal(engineWarning("onnx", { SINTONIA_ENGINE: "tfjs" }), undefined);
  for (const engine of ENGINE_NAMES.filter((name) => name !== "tfjs"))
    assert.equal(engineWarning(engine, {}), undefined);
  assert.equal(engineWarning(undefined, {}), undefined);
});
