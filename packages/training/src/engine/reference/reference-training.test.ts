import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelWeights } from "../../model/tensor.js";
import { FEATURE_INPUTS, FEATURES } from "../contract/features.fixture.js";
import { seededTensors } from "../contract/problem.fixture.js";
import { ReferenceTraining } from "./reference-training.fixture.js";

/**
 * Step of a central difference: near 2^-53 ^ (1/3), where rounding and curvature errors are equal.
 */
const WIDTH = 2 ** -17;
/**
 * Largest error of a gradient. Expected are 2^-53 / WIDTH = 1.5e-11 by rounding of a loss near 1,
 * and WIDTH^2 / 6 = 1e-11 by curvature.
 */
const TOLERANCE = 1e-8;

const ROWS = Uint32Array.of(0, 3, 4, 7, 8);

describe("the reference's gradients", () => {
  for (const { name, plan, examples } of FEATURES) {
    it(`are the slopes of its loss for ${name}`, () => {
      const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
      const lossAt = (moved: ModelWeights) => new ReferenceTraining(plan, moved).trainingLoss(examples, ROWS);
      for (const { name: tensor, values } of new ReferenceTraining(plan, weights).gradients(examples, ROWS)) {
        for (const [index, gradient] of values.entries()) {
          const [above, below] = [moved(weights, tensor, index, WIDTH), moved(weights, tensor, index, -WIDTH)];
          const slope = (lossAt(above.weights) - lossAt(below.weights)) / (above.value - below.value);
          assert.ok(Math.abs(slope - gradient) < TOLERANCE, `${tensor}[${index}]: ${gradient}, slope ${slope}`);
        }
      }
    });
  }
});

/** Returns weights with one number moved, and the moved number, which is rounded to float32. */
function moved(weights: ModelWeights, name: string, index: number, by: number) {
  const copy = structuredClone(weights);
  const { values } = copy.find((tensor) => tensor.name === name) as ModelWeights[number];
  values[index] = (values[index] as number) + by;
  return { weights: copy, value: values[index] as number };
}
