import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { allStudies } from "../../study/all-studies.js";
import { loadSpec } from "../../study/spec/experiments.js";
import { RunFolder } from "../folder/run-folder.js";
import { discardArchive, openArchive, writeArchive } from "./archive.js";

const CREATED = { type: "study-created", studyId: "mnist-init", spec: loadSpec("mnist-init") };
const RECORD = { version: 1, studyId: "mnist-init", sequence: 1, previous: "", at: 1_000, events: [CREATED] };

function runFolder(context: TestContext): RunFolder {
  const path = mkdtempSync(join(tmpdir(), "sintonia-archived-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return new RunFolder(path);
}

function writeCopy(folder: RunFolder, text: string): void {
  mkdirSync(folder.archive, { recursive: true });
  writeFileSync(join(folder.archive, "mnist-init.jsonl"), text);
}

test("the copies of a run answer, are copied themselves, and are gone once they are discarded", async (context) => {
  const folder = runFolder(context);
  writeCopy(folder, `${JSON.stringify(RECORD)}\n`);
  const client = await openArchive(folder);
  assert.ok(client);
  const ids = (await allStudies(client)).map(({ id }) => id);
  assert.deepEqual(ids, ["mnist-init"]);
  const other = runFolder(context);
  await writeArchive(client, other, false);
  const copied = await openArchive(other);
  assert.ok(copied);
  assert.deepEqual(await allStudies(copied), await allStudies(client));
  discardArchive(folder);
  assert.equal(await openArchive(folder), undefined);
});

test("a damaged copy counts as none, so that the store is asked", async (context) => {
  const folder = runFolder(context);
  for (const text of [JSON.stringify(RECORD).slice(0, -9), `${JSON.stringify({ ...RECORD, sequence: 2 })}\n`, ""]) {
    writeCopy(folder, text);
    assert.equal(await openArchive(folder), undefined, text.slice(0, 40));
  }
});

test("a folder without copies, and one with other files only, have no archive", async (context) => {
  const folder = runFolder(context);
  assert.equal(await openArchive(folder), undefined);
  mkdirSync(folder.archive);
  writeFileSync(join(folder.archive, "notes.txt"), "mine");
  assert.equal(await openArchive(folder), undefined);
});
