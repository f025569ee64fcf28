import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { kerasPython } from "@sintonia/scripts/python/keras";
import { denseLayer, planOf, seededExamples, seededTensors } from "@sintonia/training/engine/contract/problem.fixture";
import { ReferenceTraining } from "@sintonia/training/engine/reference/reference-training.fixture";
import { encodeKerasModel } from "@sintonia/training/model-file/keras/keras-model";
import type { Activation, Layer } from "@sintonia/tuning/plan/training-plan";

const PYTHON = kerasPython();
const WITHOUT_KERAS = PYTHON === undefined && "no Python has Keras 3: ./scripts/test installs one";
/** float32 against float64 through ten layers; Keras 3.0.5 and 3.15.1 differ by 4e-7. */
const TOLERANCE = 2e-6;

const ACTIVATIONS: readonly Activation[] = [
  "linear",
  "relu",
  "leaky_relu",
  "elu",
  "selu",
  "gelu",
  "sigmoid",
  "tanh",
  "silu",
];
const normalization = {
  type: "BatchNormalization",
  momentum: 0.9,
  epsilon: 0.002,
  center: true,
  scale: false,
} as const;
const LAYERS: readonly Layer[] = [
  ...ACTIVATIONS.flatMap((activation, i): Layer[] => [
    { ...denseLayer(12 + i, activation), useBias: i % 3 !== 0 },
    { ...normalization, center: i % 2 === 0, scale: i % 4 === 0 },
    { type: "Dropout", rate: 0.3 },
  ]),
  denseLayer(10, "softmax"),
];

const PREDICT = `
import json, sys
import numpy
import keras
model = keras.models.load_model(sys.argv[1])
rows = numpy.array(json.load(sys.stdin), dtype="float32").reshape(-1, 40)
print(json.dumps(model.predict(rows, verbose=0).ravel().tolist()))
`;

test("keras.models.load_model opens a .keras file and predicts the same", { skip: WITHOUT_KERAS }, (context) => {
  assert.ok(PYTHON !== undefined);
  const folder = mkdtempSync(join(tmpdir(), "sintonia-keras-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const weights = seededTensors(LAYERS, 40);
  const examples = seededExamples({ count: 7, features: 40, classes: 10 });
  const path = join(folder, "model.keras");
  writeFileSync(path, encodeKerasModel(weights, LAYERS));
  const input = JSON.stringify([...examples.inputs]);
  const { stdout, stderr } = spawnSync(PYTHON, ["-c", PREDICT, path], { input, encoding: "utf8" });
  assert.match(stdout, /^\[/m, stderr);
  const actual = JSON.parse(stdout.slice(stdout.indexOf("["))) as number[];
  const expected = new ReferenceTraining({ ...planOf([10]), model: { layers: LAYERS } }, weights).predict(examples);
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs((actual[i] as number) - value) <= TOLERANCE, `value ${i}: ${actual[i]}, not ${value}`);
  }
});
