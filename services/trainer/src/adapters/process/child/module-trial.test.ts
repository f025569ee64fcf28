import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startEngine } from "@sintonia/training/engine/engines";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { ChildSettings } from "../protocol.js";
import { runModuleTrial, UnsuitableTrainerError } from "./module-trial.js";

const MODULE = `export function build({ tf }) {
  const layer = tf.layers.dense({ inputShape: [2], units: 2, activation: "softmax" });
  return tf.sequential({ layers: [layer] });
}
`;

function start(context: TestContext, module = MODULE) {
  const cacheDir = mkdtempSync(join(tmpdir(), "sintonia-module-trial-"));
  context.after(() => rmSync(cacheDir, { recursive: true }));
  const source = join(cacheDir, "stored");
  writeFileSync(source, module);
  const ref = { sha256: createHash("sha256").update(module).digest("hex"), sizeBytes: module.length };
  const plan: ModulePlan = {
    dataset: { path: "x.csv", target: "y", task: "classification" },
    objective: { metric: "loss", goal: "minimize" },
    model: { module: "model.js", files: { "model.js": ref } },
    training: {
      optimizer: { type: "sgd", learningRate: 0.1, momentum: 0, nesterov: false },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize: 2,
      maxEpochs: 1,
      callbacks: [],
    },
    values: {},
    seeds: [1],
  };
  const settings: ChildSettings = { engine: "tfjs", threads: 1, cacheDir, allowDownload: false };
  return { cacheDir, plan, settings, files: { "model.js": source } };
}

async function contextOf() {
  const targets = { kind: "classes", labels: Uint8Array.of(0, 1), classes: 2 } as const;
  const train = { count: 2, features: 2, inputs: Float32Array.of(0, 1, 1, 0), targets };
  const onEpoch = async () => "continue" as const;
  return { engine: await startEngine("tfjs"), data: { train }, onEpoch, now: () => 0 };
}

test("runs no module unless the trainer may run the code of users", async (context) => {
  const { plan, settings, files, cacheDir } = start(context);
  const trial = runModuleTrial(plan, await contextOf(), { settings, files });
  await assert.rejects(trial, (error) => {
    assert.ok(error instanceof UnsuitableTrainerError);
    assert.match(error.message, /^this trainer runs no modules; set SINTONIA_ALLOW_PROGRAMS=true/);
    return true;
  });
  assert.deepEqual(readdirSync(cacheDir), ["stored"]);
});

test("runs the stored bytes in a folder of their own, and mends a changed file there", async (context) => {
  const { plan, settings, files, cacheDir } = start(context);
  const allowed = { settings: { ...settings, allowPrograms: true }, files };
  assert.equal((await runModuleTrial(plan, await contextOf(), allowed)).kind, "completed");
  const [name = ""] = readdirSync(join(cacheDir, "modules"));
  const path = join(cacheDir, "modules", name, "model.js");
  assert.equal(readFileSync(path, "utf8"), MODULE);
  writeFileSync(path, "export const build = 1;");
  assert.equal((await runModuleTrial(plan, await contextOf(), allowed)).kind, "completed");
  assert.equal(readFileSync(path, "utf8"), MODULE);
  assert.deepEqual(readdirSync(join(cacheDir, "modules")), [name]);
});

test("a module cannot give a property to all objects, which later trials would have", async (context) => {
  const { plan, settings, files } = start(context, `export function build() { Object.prototype.left = 1; }\n`);
  const trial = runModuleTrial(plan, await contextOf(), { settings: { ...settings, allowPrograms: true }, files });
  await assert.rejects(trial, /^ModuleError: model\.js:1: build threw TypeError: Cannot add property left/);
  assert.equal("left" in {}, false);
});
