import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { PREPARATION_VERSION } from "@sintonia/data/preparation/preparation";
import { runProgram } from "../../program.js";

test("the model of a module is refused with the way to use it", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-predict-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "preparation.json"), JSON.stringify({ version: PREPARATION_VERSION, columns: [] }));
  writeFileSync(join(folder, "model.json"), "{}");
  const stderr = new PassThrough();
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr, env: {} };
  const code = await runProgram(["predict", folder, "new.csv"], streams);
  assert.equal(code, 2);
  assert.match(
    String(stderr.read()),
    /model\.onnx: .*model\.json for TensorFlow\.js alone: open it with tf\.loadLayers/,
  );
});
