import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type * as tf from "@tensorflow/tfjs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { planOf, seededExamples, seededWeights } from "../engine/contract/problem.fixture.js";
import { ReferenceTraining } from "../engine/reference/reference-training.fixture.js";
import { ModelShapeError } from "../model/model-shape.js";
import { encodeOnnxModel } from "./onnx-model.js";
import { encodeTfjsLayersModel } from "./tfjs-layers-model.js";
import { runTfjsModel } from "./tfjs-prediction.js";

/** float32 against float64 for sums of up to 40 terms. */
const TOLERANCE = 1e-6;

const EXAMPLES = seededExamples({ count: 7, features: 40, classes: 10 });

for (const hidden of [[], [30], [20, 15, 12]]) {
  const plan = planOf([...hidden, 10]);
  const weights = seededWeights([40, ...hidden, 10]);
  const expected = new ReferenceTraining(plan, weights).predict(EXAMPLES);

  describe(`a model with ${hidden.length} hidden layers`, () => {
    it("predicts the same when tf.loadLayersModel reads it", async () => {
      const { modelJson, weightsBin } = encodeTfjsLayersModel(weights, plan.model.layers);
      const { weightsManifest } = JSON.parse(modelJson) as tf.io.ModelJSON;
      const { values, width } = await runTfjsModel({ modelJson, weightsBin }, EXAMPLES);
      assert.equal(width, 10);
      assertClose(values, expected);
      assert.deepEqual(
        weightsManifest.map(({ paths }) => paths),
        [["weights.bin"]],
      );
    });

    it("predicts the same when ONNX Runtime reads it, for any batch size", async () => {
      const session = await InferenceSession.create(encodeOnnxModel(weights, plan.model.layers));
      for (const rows of [7, 1]) {
        const x = new Tensor("float32", EXAMPLES.inputs.subarray(0, rows * 40), [rows, 40]);
        const { probabilities } = await session.run({ x });
        assert.deepEqual(probabilities?.dims, [rows, 10]);
        assertClose(probabilities?.data as Float32Array, expected.slice(0, rows * 10));
      }
      await session.release();
    });
  });
}

it("refuses to export weights that do not fit the layers", () => {
  const { layers } = planOf([4, 3]).model;
  assert.throws(() => encodeOnnxModel(seededWeights([6, 5, 3]), layers), ModelShapeError);
  assert.throws(() => encodeTfjsLayersModel(seededWeights([6, 5, 3]), layers), ModelShapeError);
});

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) {
    assert.ok(
      Math.abs((actual[index] as number) - value) <= TOLERANCE,
      `value ${index}: ${actual[index]}, not ${value}`,
    );
  }
}
