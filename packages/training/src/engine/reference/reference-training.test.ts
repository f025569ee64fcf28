import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelWeights } from "../../model/tensor.js";
import { FEATURE_CLASSES, FEATURE_INPUTS, FEATURES } from "../contract/features.fixture.js";
import { seededExamples, seededTensors } from "../contract/problem.fixture.js";
import { ReferenceTraining } from "./reference-training.fixture.js";

/**
 * Near the cube root of float64's precision, where rounding and curvature err alike in a central
 * difference.
 */
const WIDTH = 2 ** -17;
/**
 * Rounding of a loss near 1, divided by the width: 2^-53 / 2^-17 is 1.5e-11; curvature: WIDTH^2 /
 * 6 is 1e-11.
 */
const TOLERANCE = 1e-8;

const EXAMPLES = seededExamples({ count: 9, features: FEATURE_INPUTS, classes: FEATURE_CLASSES });
const ROWS = Uint32Array.of(0, 3, 4, 7, 8);

describe("the reference's gradients", () => {
  for (const { name, plan } of FEATURES) {
    it(`are the slopes of its loss for ${name}`, () => {
      const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
      const lossAt = (moved: ModelWeights) => new ReferenceTraining(plan, moved).trainingLoss(EXAMPLES, ROWS);
      for (const { name: tensor, values } of new ReferenceTraining(plan, weights).gradients(EXAMPLES, ROWS)) {
        for (const [index, gradient] of values.entries()) {
          const [above, below] = [moved(weights, tensor, index, WIDTH), moved(weights, tensor, index, -WIDTH)];
          const slope = (lossAt(above.weights) - lossAt(below.weights)) / (above.value - below.value);
          assert.ok(Math.abs(slope - gradient) < TOLERANCE, `${tensor}[${index}]: ${gradient}, slope ${slope}`);
        }
      }
    });
  }
});

/** Weights with one number moved, as far as float32 lets it, and where it went. */
function moved(weights: ModelWeights, name: string, index: number, by: number) {
  const copy = structuredClone(weights);
  const { values } = copy.find((tensor) => tensor.name === name) as ModelWeights[number];
  values[index] = (values[index] as number) + by;
  return { weights: copy, value: values[index] as number };
}
