import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isFileDataSet } from "../plan/training-plan.js";
import { createRandom } from "../random/random.js";
import { sampleValues } from "../space/sampling/sampling.js";
import { formatProblems } from "../validation/problems.js";
import { parseStudySpec } from "./check/parse.js";
import { networkStudy, planOf } from "./resolve.fixture.js";

const FOLDER = fileURLToPath(new URL("../../../../experiments/", import.meta.url));
const STUDIES = ["mlp", "architecture", "learning-rate", "plateau", "init"];
const NAMES = ["mnist", "fashion"].flatMap((dataset) => STUDIES.map((study) => `${dataset}-${study}`));

test("has the ten published experiments", () => {
  const files = readdirSync(FOLDER);
  for (const name of NAMES) assert.ok(files.includes(`${name}.yaml`), name);
});

for (const name of NAMES) {
  test(`accepts ${name}, whose name is that of its file, and resolves it at random points`, () => {
    const spec = read(name);
    assert.equal(spec.name, name);
    assert.ok(!isFileDataSet(spec.dataset));
    assert.equal(spec.dataset.name, name.startsWith("mnist") ? "mnist" : "fashion-mnist");
    assert.deepEqual(spec.dataset.split, { train: [0, 50_000], validation: [50_000, 60_000] });
    assert.ok(spec.published?.testAccuracy !== undefined);
    const random = createRandom(1);
    for (let trial = 0; trial < 20; trial++) {
      const plan = planOf(spec, sampleValues(spec.parameters, random), trial);
      assert.ok(plan.model.layers.length >= 2, `trial ${trial}`);
    }
  });
}

test("trains the initialization experiments exactly as the lab sheet does", () => {
  const settings = [
    ["mnist-init", 0.00168, 0.3787, 10, 20],
    ["fashion-init", 0.00015, 0.32, 5, 10],
  ] as const;
  for (const [name, learningRate, factor, patience, stopPatience] of settings) {
    const spec = read(name);
    assert.deepEqual(spec.parameters, { stddev: { type: "double", min: 0.01, max: 0.1, scale: "linear" } });
    assert.equal(spec.budget.maxTrials, 10);
    const { model, training } = planOf(spec, { stddev: 0.04 }, 0);
    const initializers = model.layers.map((layer) => layer.type === "Dense" && layer.kernelInitializer);
    assert.deepEqual(initializers, [{ type: "RandomNormal", mean: 0, stddev: 0.04 }, { type: "GlorotUniform" }]);
    assert.equal(training.optimizer.learningRate, learningRate, name);
    assert.deepEqual([training.batchSize, training.maxEpochs], [256, 100]);
    assert.deepEqual(training.callbacks, [
      {
        type: "ReduceLROnPlateau",
        monitor: "val_accuracy",
        mode: "auto",
        factor,
        patience,
        minDelta: 1e-4,
        cooldown: 0,
        minLr: 1e-5,
      },
      {
        type: "EarlyStopping",
        monitor: "val_accuracy",
        mode: "auto",
        patience: stopPatience,
        minDelta: 1e-5,
        restoreBestWeights: false,
        startFromEpoch: 0,
      },
    ]);
  }
});

function read(name: string) {
  const result = parseStudySpec(readFileSync(`${FOLDER}${name}.yaml`, "utf8"));
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return networkStudy(result.spec);
}
