// The lab sheet's experiment as a Keras program: the example of `sintonia init keras` on a part of
// MNIST, by the built command line and a real Keras.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { kerasPython } from "@sintonia/scripts/python/keras";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { assertAllCompleted, CommandFolder, type Results, resultsOf } from "../support/cli.js";

const PYTHON = kerasPython();
const WITHOUT_KERAS = PYTHON === undefined && "no Python has Keras 3: ./scripts/test installs one";
const CACHE_DIR = fileURLToPath(new URL("../../../.cache/data", import.meta.url));

/** Long enough for an interruption: Keras takes about 50 ms for an epoch and its checkpoint. */
const EPOCHS = 60;
const STUDY = "keras-example";
const TRAIN_ROWS = 4000;
const ROWS = 5000;

/** Reads the part of MNIST that travels with the study. Keras' own download needs a network. */
const LOADER = `
import numpy
def load_data():
    images, labels = (numpy.fromfile(name, "uint8") for name in ("images", "labels"))
    images = images.reshape(-1, 28, 28)
    return (images, labels), (images[4000:], labels[4000:])
`;

/** What the test changes in both programs: the source of the data. */
const DATA_CHANGES = [
  ["import keras\n", "import keras\nimport part_of_mnist\n"],
  ["keras.datasets.mnist.load_data", "part_of_mnist.load_data"],
] as const;

/** What the test changes in the training: also the amount of work. */
const CHANGES = [
  ...DATA_CHANGES,
  ["[:50000], y[:50000]", `[:${TRAIN_ROWS}], y[:${TRAIN_ROWS}]`],
  ["[50000:], y[50000:]", `[${TRAIN_ROWS}:], y[${TRAIN_ROWS}:]`],
  ["epochs=10", `epochs=${EPOCHS}`],
] as const;

test("three lines of the Keras example are needed for Sintonia", (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("keras");
  const lines = readFileSync(join(folder.folder, "train.py"), "utf8").split("\n");
  const needed = lines.filter((line) => line.includes("sintonia") && !line.includes("# optional"));
  assert.equal(needed.length, 3, needed.join("\n"));
});

test("after kill -9 of a trainer, a Keras program completes with the usual results", {
  skip: WITHOUT_KERAS,
}, async (context) => {
  const folder = await folderOfExample(context);
  const command = folder.runSpec("study.yaml", "--trials", "2", "--trainers", "2");
  const [, trial] = await command.line(/^Trial (\d+) started on trainer-1-/);
  await folder.untilTraining(trial, { saved: true, study: STUDY });
  process.kill(folder.pidOf("trainer-1"), "SIGKILL");
  const ended = await command.ended;
  const results = resultsOf(ended);
  assertAllCompleted(results, 2);
  const killed = results.trials.find(({ id }) => id === trial);
  assert.deepEqual([killed?.attempt, killed?.epochs], [2, EPOCHS]);
  assert.ok(
    results.trials.every(({ objective }) => objective > 0.8 && objective <= 1),
    "accuracies of trained networks",
  );
  await assertResumed(folder, String(trial));
  assert.deepEqual(shapeOf(results), await shapeOfNetworkStudy(context));
  assert.ok(readFileSync(folder.path("model", "model.keras")).length > 0);
  // Here the test has the rows of the validation, and the model of the last epoch.
  const { metrics } = results.test as unknown as { readonly metrics: Readonly<Record<string, number>> };
  assert.ok(Number(metrics["test_accuracy"]) > 0.8, JSON.stringify(metrics));
  assert.deepEqual(folder.leftProcesses(), []);
});

/** Writes the example with the tests' changes, and the rows that it trains on. */
async function folderOfExample(context: TestContext): Promise<CommandFolder> {
  const folder = new CommandFolder(context);
  folder.writeExample("keras");
  const mnist = await openDataSet("mnist", { cacheDir: CACHE_DIR, allowDownload: false });
  const { inputs, targets } = await mnist.train([0, ROWS]);
  assert.ok(targets.kind === "classes");
  const pixels = Uint8Array.from(inputs, (value) => Math.round(255 * value));
  writeFileSync(join(folder.folder, "images"), pixels);
  writeFileSync(join(folder.folder, "labels"), Uint8Array.from(targets.labels));
  writeFileSync(join(folder.folder, "part_of_mnist.py"), LOADER);
  changeFile(join(folder.folder, "train.py"), CHANGES);
  changeFile(join(folder.folder, "test.py"), DATA_CHANGES);
  changeFile(join(folder.folder, "study.yaml"), [
    ["[python3, train.py]", `[${PYTHON}, train.py]`],
    ["[python3, test.py]", `[${PYTHON}, test.py]`],
    ["sintonia.py]", "sintonia.py, part_of_mnist.py, images, labels]"],
    ["maxEpochs: 10", `maxEpochs: ${EPOCHS}`],
  ]);
  return folder;
}

/** Replaces texts of a file. @throws if the file does not have one of them */
function changeFile(path: string, changes: readonly (readonly [from: string, to: string])[]): void {
  let text = readFileSync(path, "utf8");
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${path} has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(path, text);
}

/** Checks that the second attempt of a trial began where the first one's checkpoint stood. */
async function assertResumed(folder: CommandFolder, trial: string): Promise<void> {
  const log = readFileSync(folder.path("logs", "coordinator.log"), "utf8");
  assert.ok(log.split("\n").some((line) => line.includes(`"trialId":"${trial}"`) && line.includes("trial resumed")));
  const output = (await folder.command("logs", STUDY, trial, "--attempt", "2", "--dir", "run").ended).stdout;
  const first = /Epoch (\d+)\/\d+/.exec(output);
  assert.ok(first !== null && Number(first[1]) > 1, `the second attempt began at epoch ${first?.[1]}:\n${output}`);
}

/** Returns the names of a document's fields. */
function shapeOf(results: Results): unknown {
  const { study, trials, best, selection } = results;
  return [results, study, trials[0], best, selection].map((part) => Object.keys(part ?? {}));
}

async function shapeOfNetworkStudy(context: TestContext): Promise<unknown> {
  return shapeOf(resultsOf(await new CommandFolder(context).run("--trials", "2", "--trainers", "1").ended));
}
