import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSpec, withOverrides } from "./experiments.js";
import { readWarmStart, warmStartOf } from "./warm-start.js";

test("a warm start in another encoding is refused, with the line", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-warm-start-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "results.json");
  writeFileSync(path, Buffer.from('{\n"study": "se\xf1al"}', "latin1"));
  assert.throws(() => readWarmStart(path, loadSpec("mnist-init")), /results\.json: line 2 is not UTF-8/);
});

const WANTED = 'a warm start needs the file that "sintonia show STUDY --json > FILE" writes';
const STUDY = '"study": { "objective": { "metric": "val_accuracy", "goal": "maximize" } }';

test("says what is wrong with the file of a warm start and where such a file comes from", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-warm-start-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "results.json");
  const spec = loadSpec("mnist-init");
  const refused = (message: string) => assert.throws(() => readWarmStart(path, spec), { message, code: "USAGE" });
  refused(`${path} does not exist: ${WANTED}`);
  for (const text of ["", "id,value\n1,2\n", "study: x", `{ ${STUDY}, "trials": [`]) {
    writeFileSync(path, text);
    refused(`${path} is not JSON, or its end is missing: ${WANTED}`);
  }
  for (const text of [
    ...["null", "[]", "{}", '{ "study": {} }', `{ ${STUDY} }`, `{ ${STUDY}, "trials": [null] }`],
    `{ ${STUDY}, "trials": [{ "values": null, "objective": 1 }] }`,
    `{ ${STUDY}, "trials": [{ "values": { "stddev": [1] }, "objective": 1 }] }`,
  ]) {
    writeFileSync(path, text);
    refused(`${path} has no results of a study: ${WANTED}`);
  }
  writeFileSync(path, `{ ${STUDY}, "trials": [{ "values": { "stddev": 0.05 }, "objective": 0.9 }] }`);
  assert.deepEqual(readWarmStart(path, spec), [{ values: { stddev: 0.05 }, objective: 0.9 }]);
  const ofAFifth = { warmStart: [{ values: { stddev: 0.05 }, objective: 0.9, fidelity: 0.2 }] };
  assert.deepEqual(warmStartOf({ warmStart: path, warmStartFidelity: 0.2 }, spec), ofAFifth);
  const overridden = withOverrides(spec, ofAFifth, false);
  assert.deepEqual(overridden.oracle, { type: "bayesian", fidelity: "epochs" });
  assert.deepEqual(warmStartOf({}, spec), {});
  assert.throws(() => warmStartOf({ warmStartFidelity: 0.2 }, spec), /name its file too/);
});
