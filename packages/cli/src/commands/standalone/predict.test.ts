import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { PREPARATION_VERSION } from "@sintonia/data/preparation/preparation";
import { runProgram } from "../../program.js";

test("a model that is no model of TensorFlow.js is refused by its file", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-predict-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const preparation = { version: PREPARATION_VERSION, task: "regression", columns: [], features: 0, targets: ["y"] };
  writeFileSync(join(folder, "preparation.json"), JSON.stringify(preparation));
  writeFileSync(join(folder, "new.csv"), "x\n1\n");
  writeFileSync(join(folder, "model.json"), "{}");
  writeFileSync(join(folder, "weights.bin"), "");
  const stderr = new PassThrough();
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr, env: {} };
  const code = await runProgram(["predict", folder, join(folder, "new.csv")], streams);
  assert.equal(code, 1);
  assert.match(String(stderr.read()), /model\.json: no model of TensorFlow\.js: /);
});
