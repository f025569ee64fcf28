import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { FEATURE_CLASSES, FEATURE_INPUTS, FEATURES } from "../engine/contract/features.fixture.js";
import { seededExamples, seededTensors } from "../engine/contract/problem.fixture.js";
import { ReferenceTraining } from "../engine/reference/reference-training.fixture.js";
import { encodeTfjsLayersModel, type TfjsLayersModel } from "./tfjs-layers-model.js";

/**
 * float32 against float64 through up to nine layers, relative to outputs that are at most a few
 * units large.
 */
const TOLERANCE = 3e-6;
const EXAMPLES = seededExamples({ count: 5, features: FEATURE_INPUTS, classes: FEATURE_CLASSES });

tf.enableProdMode();

describe("tf.loadLayersModel predicts as a float64 reference does", () => {
  for (const { name, plan } of FEATURES) {
    it(`with ${name}`, async () => {
      const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
      const actual = await predict(encodeTfjsLayersModel(weights, plan.model.layers));
      const expected = new ReferenceTraining(plan, weights, 1).predict(EXAMPLES);
      assert.equal(actual.length, expected.length);
      for (const [index, value] of expected.entries()) {
        const output = actual[index] as number;
        const limit = TOLERANCE * Math.max(1, Math.abs(value));
        assert.ok(Math.abs(output - value) <= limit, `output ${index}: ${output}, expected ${value}`);
      }
    });
  }
});

async function predict({ modelJson, weightsBin }: TfjsLayersModel): Promise<Float32Array> {
  const { modelTopology, weightsManifest } = JSON.parse(modelJson) as tf.io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const artifacts = { modelTopology, weightSpecs, weightData: weightsBin.slice().buffer };
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const inputs = tf.tensor2d(EXAMPLES.inputs, [EXAMPLES.count, EXAMPLES.features]);
  const outputs = model.predict(inputs) as tf.Tensor;
  const values = Float32Array.from(await outputs.data());
  inputs.dispose();
  outputs.dispose();
  model.dispose();
  return values;
}
