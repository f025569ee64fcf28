import assert from "node:assert/strict";
import { it } from "node:test";
import type { DenseLayer } from "@sintonia/tuning/plan/training-plan";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { FEATURE_INPUTS, FEATURES } from "../engine/contract/features.fixture.js";
import { seededExamples, seededTensors } from "../engine/contract/problem.fixture.js";
import { ReferenceTraining } from "../engine/reference/reference-training.fixture.js";
import { encodeOnnxModel } from "./onnx-model.js";

/**
 * Relative to values of at least 1: float32 against float64 through up to nine layers of a few
 * units.
 */
const TOLERANCE = 2e-6;

const EXAMPLES = seededExamples({ count: 7, features: FEATURE_INPUTS, classes: 4 });

for (const { name, plan } of FEATURES) {
  it(`predicts as the reference does: ${name}`, async () => {
    const { layers } = plan.model;
    const weights = seededTensors(layers, FEATURE_INPUTS);
    const expected = new ReferenceTraining(plan, weights).predict(EXAMPLES);
    const session = await InferenceSession.create(encodeOnnxModel(weights, layers));
    const { activation, units } = layers.at(-1) as DenseLayer;
    assert.deepEqual(session.outputNames, [activation === "softmax" ? "probabilities" : "outputs"]);
    const results = await session.run({ x: new Tensor("float32", EXAMPLES.inputs, [7, FEATURE_INPUTS]) });
    const [output] = Object.values(results);
    assert.deepEqual(output?.dims, [7, units]);
    assertClose(output?.data as Float32Array, expected);
    await session.release();
  });
}

function assertClose(actual: Float32Array, expected: readonly number[]): void {
  for (const [index, value] of expected.entries()) {
    const difference = Math.abs((actual[index] as number) - value);
    assert.ok(difference <= TOLERANCE * Math.max(1, Math.abs(value)), `value ${index}: ${actual[index]}, not ${value}`);
  }
}
