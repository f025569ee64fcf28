import assert from "node:assert/strict";
import { it } from "node:test";
import { planOf, seededWeights } from "../engine/contract/problem.fixture.js";
import { encodeSafetensors } from "./safetensors.js";
import { modelFileMaxBytes } from "./size-limit.js";

it("exceeds the size of the model's file by at most the header", () => {
  const plan = planOf([30, 10]);
  const { length } = encodeSafetensors(seededWeights([784, 30, 10]), plan.model.layers);
  const limit = modelFileMaxBytes(plan);
  assert.ok(limit >= length && limit - length <= 1024 * 1024, `${limit} for ${length}`);
});
