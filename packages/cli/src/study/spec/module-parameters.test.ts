import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isModuleStudy } from "@sintonia/tuning/spec/study-spec";
import { UsageError } from "../../system/usage-error.js";
import { loadStudy } from "./experiments.js";

const folder = mkdtempSync(join(tmpdir(), "sintonia-parameters-"));
after(() => rmSync(folder, { recursive: true }));

const RATE = { type: "double", min: 0.001, max: 0.1 };

/** Writes a spec and its module and returns the path of the spec. */
function studyOf(name: string, module: string, more: object = {}): string {
  writeFileSync(join(folder, `${name}.mjs`), module);
  const spec = {
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 100], validation: [100, 200] } },
    model: { module: `./${name}.mjs` },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 2 },
    training: { batchSize: 16, maxEpochs: 1 },
    ...more,
  };
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, JSON.stringify(spec));
  return path;
}

test("a spec without parameters has those that its module exports", async () => {
  const spec = await loadStudy(studyOf("exported", `export const parameters = { rate: ${JSON.stringify(RATE)} };`));
  assert.ok(isModuleStudy(spec));
  assert.deepEqual(spec.parameters, { rate: { ...RATE, scale: "linear" } });
});

test("the parameters of a spec come first, and its module is not run", async () => {
  const path = studyOf("given", "throw new Error('ran');", { parameters: { own: RATE } });
  assert.deepEqual(Object.keys((await loadStudy(path)).parameters), ["own"]);
});

test("refuses a module that cannot be imported, and exported parameters with a problem", async () => {
  await assert.rejects(loadStudy(studyOf("broken", "\nthrow new Error('no');")), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, "broken.mjs:2: its import threw: no");
    return true;
  });
  const wrong = studyOf("wrong", "export const parameters = { rate: { type: 'double', min: 1, max: 0 } };");
  await assert.rejects(loadStudy(wrong), /parameters\.rate/);
  const big = studyOf("big", "export const parameters = { rate: 1n };");
  await assert.rejects(loadStudy(big), { message: "big.mjs: its parameters are no plain values" });
  await assert.rejects(loadStudy(studyOf("none", "export const build = 1;")), /parameters: /);
});
