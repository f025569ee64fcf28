import assert from "node:assert/strict";
import { it } from "node:test";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { type Examples, labelsOf } from "../../dataset/examples.js";
import { modelShape, sizeOf } from "../../model/model-shape.js";
import { planOf, startOf } from "../contract/problem.fixture.js";
import { startEngine } from "../engines.js";
import { updateParts } from "./graph/layer/tensor-update.js";

const CLASSES = 10;
const FEATURES = 230_000;

it("updates every row of a kernel whose gradient is split into parts", async () => {
  const plan = gradientDescent();
  const { tensors } = modelShape(plan.model.layers, FEATURES);
  const weights = tensors.map(({ name, shape }) => ({ name, shape, values: new Float32Array(sizeOf(shape)) }));
  const examples = wideExamples([3, 7]);
  const session = await (await startEngine("onnx")).open(plan, startOf(weights));
  await session.trainBatch(examples, Uint32Array.of(0, 1), 1);
  const [kernel] = await session.readWeights();
  await session.dispose();
  // With zero weights all classes have the same probability, so that the step has a closed form.
  for (let value = 0; value < FEATURES * CLASSES; value++) {
    const [feature, unit] = [Math.floor(value / CLASSES), value % CLASSES];
    const terms = [0, 1].map((row) => {
      const x = examples.inputs[row * FEATURES + feature] as number;
      return x * (1 / CLASSES - (labelsOf(examples)[row] === unit ? 1 : 0));
    });
    const expected = -((terms[0] as number) + (terms[1] as number)) / 2;
    const actual = kernel?.values[value] as number;
    // The error of a few roundings of float32 numbers below 1.
    assert.ok(Math.abs(actual - expected) <= 3e-7, `value ${value}: ${actual}, not ${expected}`);
  }
});

it("covers a tensor with parts of at most 4 MiB, in order", () => {
  for (const shape of [[10], [784, 800], [4096, 4096], [230_000, 10], [784, 16_384], [3, 2 ** 20]]) {
    const parts = updateParts({ name: "kernel", shape });
    let next = 0;
    for (const part of parts) {
      assert.equal(part.rows[0], next, `rows of ${part.name} follow those before`);
      assert.deepEqual(part.shape, [part.rows[1] - part.rows[0], ...shape.slice(1)]);
      assert.ok(sizeOf(part.shape) <= 2 ** 20, `${part.name} is small`);
      next = part.rows[1];
    }
    assert.equal(next, shape[0]);
    assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
  }
});

function gradientDescent(): TrainingPlan {
  const plan = planOf([CLASSES]);
  const optimizer = { type: "sgd", learningRate: 1, momentum: 0, nesterov: false } as const;
  return { ...plan, training: { ...plan.training, optimizer } };
}

function wideExamples(labels: readonly number[]): Examples {
  const count = labels.length;
  const inputs = Float32Array.from({ length: count * FEATURES }, (_, index) => (index % 251) / 251);
  const targets = { kind: "classes", labels: Uint8Array.from(labels), classes: CLASSES } as const;
  return { count, features: FEATURES, inputs, targets };
}
