import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { StudyCopies, writeStudyCopy } from "./study-archive.js";

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-archive-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function* recordsOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function stored(copies: StudyCopies, studyId: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { body } of copies.read(studyId)) texts.push(Buffer.from(body).toString("utf8"));
  return texts;
}

test("records come back byte for byte, whatever characters they contain and however long they are", async (context) => {
  const folder = folderOf(context);
  const texts = ['{"a":1}', '{"separator":"\u2028"}', `"${"ü".repeat(200_000)}"`, '{"carriage":"\r"}', "3"];
  await writeStudyCopy(folder, studyIdOf("one"), recordsOf(...texts));
  await writeStudyCopy(folder, studyIdOf("two"), recordsOf());
  const copies = new StudyCopies(folder);
  assert.deepEqual(await copies.studies(), ["one", "two"]);
  assert.deepEqual(await stored(copies, "one"), texts);
  assert.deepEqual(await stored(copies, "two"), []);
});

test("a missing folder or file is a store that is not available", async (context) => {
  const folder = folderOf(context);
  await assert.rejects(new StudyCopies(join(folder, "none")).studies(), StoreUnavailableError);
  await assert.rejects(stored(new StudyCopies(folder), "none"), StoreUnavailableError);
  assert.deepEqual(readdirSync(folder), []);
});
