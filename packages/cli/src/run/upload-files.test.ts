import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeStore, sha256Of } from "../study/files/files.fixture.js";
import type { FileClient } from "../study/files/upload.js";
import { hashFiles, uploadHashed } from "./upload-files.js";

function start(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-upload-files-"));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "specs"));
  const lines: string[] = [];
  const display = { print: (...printed: string[]) => void lines.push(...printed), task: () => undefined };
  return { folder: join(folder, "specs"), lines, display, store: new FakeStore() };
}

/** Hashes and uploads files, and returns the reference of each path. */
async function uploadFiles(client: FileClient, request: Parameters<typeof hashFiles>[0]) {
  const files = await hashFiles(request);
  await uploadHashed(client, files, request);
  return Object.fromEntries(files.map(({ local, ref }) => [local.path, ref]));
}

test("uploads each content once, and returns the reference of each path", async (context) => {
  const { folder, lines, display, store } = start(context);
  for (const name of ["a.csv", "same.csv", "../outside.csv"]) writeFileSync(join(folder, name), `${name.length} x`);
  const paths = ["a.csv", "same.csv", "../outside.csv", "a.csv"];
  const refs = await uploadFiles(store.client, { folder, paths, display });
  assert.deepEqual(Object.keys(refs), ["a.csv", "same.csv", "../outside.csv"]);
  assert.equal(refs["a.csv"]?.sha256, sha256Of(Buffer.from("5 x")));
  assert.equal(store.stored.size, 3);
  assert.match(lines[0] ?? "", /^Files {7}..\/outside.csv is outside the spec's folder; \/.*\/outside.csv is used$/);
  assert.equal(lines[1], "Files       3 files, 10 bytes, 3 uploaded");
  await uploadFiles(store.client, { folder, paths: ["a.csv"], display });
  assert.equal(lines[2], "Files       a.csv, 3 bytes, stored already");
  assert.equal(store.offsets.length, 3);
});

test("reads and sends nothing if one path is wrong or one file is empty", async (context) => {
  const { folder, display, store } = start(context);
  writeFileSync(join(folder, "a.csv"), "x");
  writeFileSync(join(folder, "empty.csv"), "");
  const upload = (path: string, mayBeEmpty = false) =>
    uploadFiles(store.client, { folder, paths: ["a.csv", path], display, mayBeEmpty });
  await assert.rejects(upload("absent.csv"), /absent.csv: there is no such file/);
  await assert.rejects(upload("empty.csv"), { message: "empty.csv: it is empty", code: "FILE_UNUSABLE" });
  assert.equal(store.stored.size, 0);
  await upload("empty.csv", true);
  assert.equal(store.stored.size, 2);
});

test("asks and prints nothing for a spec without files", async (context) => {
  const { folder, lines, display } = start(context);
  const client = { hasFiles: () => assert.fail("asked"), uploadFile: () => assert.fail("sent") };
  assert.deepEqual(await uploadFiles(client as never, { folder, paths: [], display }), {});
  assert.deepEqual(lines, []);
});
