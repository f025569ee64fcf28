import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertAllCompleted, CommandFolder, resultsOf } from "../support/cli.js";

test("tunes a network on a CSV file, and predicts the rows of another one", async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("csv");
  const results = resultsOf(await folder.runSpec("study.yaml", "--trials", "4", "--trainers", "2").ended);
  assertAllCompleted(results, 4);
  assert.ok(results.test.accuracy > 0.85, JSON.stringify(results.test));
  const model = folder.path("model");
  const predict = async () =>
    resultsOf<{ rows: { prediction: string }[] }>(await folder.command("predict", model, "wine.csv", "--json").ended);
  const { rows } = await predict();
  const lines = readFileSync(join(folder.folder, "wine.csv"), "utf8").trim().split("\n").slice(1);
  const right = rows.filter(({ prediction }, index) => lines[index]?.endsWith(`,${prediction}`)).length;
  assert.ok(rows.length === 178 && right > 160, `${right} of ${rows.length}`);
  // As the model of a module, which has no ONNX file.
  rmSync(join(model, "model.onnx"));
  const predictions = (all: typeof rows) => all.map(({ prediction }) => prediction);
  assert.deepEqual(predictions((await predict()).rows), predictions(rows));
});
