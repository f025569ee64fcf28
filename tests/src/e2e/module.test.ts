// Studies whose models a module builds, with the whole of a local cluster.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { newerNode } from "@sintonia/scripts/node/newer-node";
import { assertAllCompleted, CommandFolder, resultsOf } from "../support/cli.js";

const SPEC = `
name: small
dataset: { name: mnist, split: { train: [0, 600], validation: [50000, 50200] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 2 }
model: { module: ./model.mjs, files: [lib/] }
training: { optimizer: { type: adam, learningRate: 0.01 }, loss: categorical_crossentropy, batchSize: 50, maxEpochs: 2 }
`;

const MODULE = `
import { activation } from "./lib/activation.mjs";
export const parameters = { units: { type: "integer", min: 8, max: 16 } };
export function build({ tf, values, dataset }) {
  const hidden = tf.layers.dense({ inputShape: [dataset.features], units: values.units, activation });
  const output = tf.layers.dense({ units: dataset.classes, activation: "softmax" });
  return tf.sequential({ layers: [hidden, tf.layers.dropout({ rate: 0.1 }), output] });
}
`;

/** Starts a study of a module on one trainer with the engine tfjs, which every machine has. */
function start(folder: CommandFolder, module: string, ...options: string[]) {
  writeFileSync(join(folder.folder, "small.yaml"), SPEC);
  writeFileSync(join(folder.folder, "model.mjs"), module);
  return folder.run("--trainers", "1", ...options).ended;
}

function writeLib(folder: CommandFolder): void {
  mkdirSync(join(folder.folder, "lib"));
  writeFileSync(join(folder.folder, "lib", "activation.mjs"), 'export const activation = "relu";\n');
}

test("a study of a module trains, tests and exports the model that the module builds", async (context) => {
  const folder = new CommandFolder(context);
  writeLib(folder);
  const results = resultsOf(await start(folder, MODULE, "--engine", "tfjs"));
  assertAllCompleted(results, 2);
  assert.ok(results.trials.every(({ values }) => Number.isInteger(values["units"])));
  assert.ok(results.test.accuracy > 0.5, `two epochs on 600 digits gave ${results.test.accuracy}`);
  const model = JSON.parse(readFileSync(folder.path("model", "model.json"), "utf8"));
  assert.equal(model.modelTopology.class_name, "Sequential");
  const best = await folder.readWithoutServer("best", "--download", "best").ended;
  const { files } = resultsOf<{ readonly files: readonly string[] }>(best);
  assert.deepEqual(
    files.map((file) => basename(file)),
    ["weights.safetensors", "model.json", "weights.bin"],
  );
});

const NODE = newerNode();
const WITHOUT_NODE = NODE === undefined && "no Node reads TypeScript: ./scripts/test installs one";

test("a module and its files may be TypeScript where Node strips types", { skip: WITHOUT_NODE }, async (context) => {
  const folder = new CommandFolder(context, NODE);
  mkdirSync(join(folder.folder, "lib"));
  writeFileSync(join(folder.folder, "lib", "activation.ts"), 'export const activation = "relu" as const;\n');
  writeFileSync(join(folder.folder, "small.yaml"), SPEC.replace("model.mjs", "model.ts"));
  const head = 'import type { Build } from "@sintonia/module";\nexport const build: Build<{ units: number }> = (';
  const module = MODULE.replace("activation.mjs", "activation.ts").replace("export function build(", head);
  writeFileSync(join(folder.folder, "model.ts"), module.replace("}) {\n", "}) => {\n"));
  assertAllCompleted(resultsOf(await folder.run("--trainers", "1", "--engine", "tfjs").ended), 2);
});

test("an engine that trains no modules is refused before anything starts", async (context) => {
  const folder = new CommandFolder(context);
  writeLib(folder);
  const { code, lines } = await start(folder, MODULE);
  assert.equal(code, 2);
  assert.match(lines.at(-1) ?? "", /engine onnx cannot train the model of a module; add --engine tfjs-node/);
});

test("a module that throws fails the study with its file and line", async (context) => {
  const folder = new CommandFolder(context);
  writeLib(folder);
  const module = MODULE.replace("  const hidden", "  throw new RangeError(`no ${values.units}`);\n  const hidden");
  const { code, lines, stdout } = await start(folder, module, "--engine", "tfjs");
  assert.equal(code, 1);
  assert.match(`${lines.join("\n")}${stdout}`, /model\.mjs:5: build threw RangeError: no \d+/);
});

test("a module that meddles with its process fails its own trial only", async (context) => {
  const folder = new CommandFolder(context);
  const module = `
export function build({ tf, values, dataset }) {
  if (values.which === 0) process.send({ type: "completed" });
  if (values.which === 1) Object.prototype.left = 1;
  const layer = { inputShape: [dataset.features], units: dataset.classes, activation: "softmax" };
  return tf.sequential({ layers: [tf.layers.dense(layer)] });
}
`;
  const spec = SPEC.replace("budget: { maxTrials: 2 }", "budget: { maxTrials: 3 }\noracle: { type: grid }")
    .replace(", files: [lib/]", "")
    .concat("parameters: { which: { type: integer, min: 0, max: 2 } }\n");
  writeFileSync(join(folder.folder, "small.yaml"), spec);
  writeFileSync(join(folder.folder, "model.mjs"), module);
  const results = resultsOf(await folder.run("--trainers", "1", "--engine", "tfjs").ended);
  assert.deepEqual(
    results.trials.map(({ state, message }) => `${state} ${message ?? ""}`.trim()),
    [
      "failed model.mjs:3: build threw TypeError: process.send is not a function",
      "failed model.mjs:4: build threw TypeError: Cannot add property left, object is not extensible",
      "completed",
    ],
  );
});
