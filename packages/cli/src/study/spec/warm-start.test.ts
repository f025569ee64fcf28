import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSpec } from "./experiments.js";
import { readWarmStart } from "./warm-start.js";

test("a warm start in another encoding is refused, with the line", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-warm-start-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "results.json");
  writeFileSync(path, Buffer.from('{\n"study": "se\xf1al"}', "latin1"));
  assert.throws(() => readWarmStart(path, loadSpec("mnist-init")), /results\.json: line 2 is not UTF-8/);
});
