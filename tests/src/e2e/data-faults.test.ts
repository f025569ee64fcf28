import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { assertAllCompleted, CommandFolder, resultsOf } from "../support/cli.js";

const FEW = ["--trials", "1", "--epochs", "1", "--trainers", "1"] as const;
const TEST_LABELS = "t10k-labels-idx1-ubyte";
const MODEL_FILES = ["model.json", "model.onnx", "weights.bin"];

/** Copies the files of MNIST, so that the test may damage them. */
async function copyOfData(folder: string): Promise<string> {
  const { source } = await openDataSet("mnist", { cacheDir: join(folder, "cache"), allowDownload: false });
  const copy = join(folder, "data");
  mkdirSync(copy);
  for (const name of readdirSync(source.folder)) {
    if (name.includes("ubyte")) copyFileSync(join(source.folder, name), join(copy, name));
  }
  return copy;
}

test("a damaged test split is found before training, and the same command with mended data runs", async (context) => {
  const command = new CommandFolder(context);
  const data = await copyOfData(command.folder);
  const [labels] = readdirSync(data).filter((name) => name.startsWith(TEST_LABELS));
  const path = join(data, labels ?? "");
  const whole = readFileSync(path);
  truncateSync(path, 5_000);
  const refused = await command.run(...FEW, "--data-dir", data).ended;
  assert.equal(refused.code, 1);
  assert.match(`${refused.stdout}${refused.lines.join("\n")}`, new RegExp(`${TEST_LABELS}.*: expected`));
  assert.ok(!existsSync(command.path("spec.json")), "no study began");
  writeFileSync(path, whole);
  assertAllCompleted(resultsOf(await command.run(...FEW, "--data-dir", data).ended), 1);
  assert.deepEqual(readdirSync(command.path("model")).sort(), MODEL_FILES);
});

test("model files that are gone are written again, and the user's own files stay", async (context) => {
  const command = new CommandFolder(context);
  const first = resultsOf(await command.run(...FEW).ended);
  const model = readFileSync(command.path("model", "model.onnx"));
  rmSync(command.path("model"), { recursive: true });
  assert.deepEqual(resultsOf(await command.run(...FEW).ended), first);
  assert.deepEqual(readdirSync(command.path("model")).sort(), MODEL_FILES);
  assert.deepEqual(readFileSync(command.path("model", "model.onnx")), model);

  writeFileSync(command.path("model", "mine.txt"), "mine");
  assertAllCompleted(resultsOf(await command.run(...FEW, "--overwrite").ended), 1);
  assert.deepEqual(readdirSync(command.path("model")).sort(), ["mine.txt", ...MODEL_FILES]);
  assert.equal(readFileSync(command.path("model", "mine.txt"), "utf8"), "mine");
});
