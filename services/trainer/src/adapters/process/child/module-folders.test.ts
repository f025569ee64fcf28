import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { STAY_MS, useModuleFolder } from "./module-folders.js";

const NOW_MS = 1_800_000_000_000;

/** Makes folders of 1,000 bytes each that were used before NOW_MS. */
function start(context: TestContext, ages: Readonly<Record<string, number>>): string {
  const parent = mkdtempSync(join(tmpdir(), "sintonia-modules-"));
  context.after(() => rmSync(parent, { recursive: true }));
  for (const [name, ageMs] of Object.entries(ages)) {
    mkdirSync(join(parent, name, "lib"), { recursive: true });
    writeFileSync(join(parent, name, "lib", "model.js"), "x".repeat(1_000));
    utimesSync(join(parent, name), (NOW_MS - ageMs) / 1000, (NOW_MS - ageMs) / 1000);
  }
  return parent;
}

test("deletes the module folders that were used longest ago beyond the limit", async (context) => {
  const parent = start(context, { oldest: 4 * STAY_MS, older: 3 * STAY_MS, old: 2 * STAY_MS });
  await useModuleFolder(parent, "oldest", NOW_MS, 3_000);
  assert.deepEqual(readdirSync(parent).sort(), ["old", "older", "oldest"]);
  await useModuleFolder(parent, "oldest", NOW_MS, 2_500);
  assert.deepEqual(readdirSync(parent).sort(), ["old", "oldest"]);
});

test("keeps module folders in use, also beyond the limit", async (context) => {
  const parent = start(context, { present: 9 * STAY_MS, recent: STAY_MS / 2, old: 2 * STAY_MS });
  await useModuleFolder(parent, "present", NOW_MS, 10);
  assert.deepEqual(readdirSync(parent).sort(), ["present", "recent"]);
});
