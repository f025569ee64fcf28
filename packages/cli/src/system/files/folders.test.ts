import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeFolder } from "./folders.js";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-make-folder-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("makes a folder with its ancestors, and accepts an existing one", (context) => {
  const path = join(temporaryFolder(context), "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  assert.ok(statSync(path).isDirectory());
});

test("accepts a link to a folder", (context) => {
  const parent = temporaryFolder(context);
  mkdirSync(join(parent, "real"));
  symlinkSync(join(parent, "real"), join(parent, "link"));
  makeFolder(join(parent, "link"));
  makeFolder(join(parent, "link", "a"));
  assert.ok(statSync(join(parent, "real", "a")).isDirectory());
});

test("refuses a file in place of a folder", (context) => {
  const file = join(temporaryFolder(context), "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(file, "a")), { code: "ENOTDIR" });
});

test("throws on a file system that makes no folders, as procfs", (context) => {
  const parent = temporaryFolder(context);
  const asked: string[] = [];
  const refuse = (path: string): void => {
    asked.push(path);
    throw Object.assign(new Error("no such file or directory"), { code: "ENOENT" });
  };
  assert.throws(() => makeFolder(join(parent, "a", "b"), refuse), { code: "ENOENT" });
  assert.deepEqual(asked, [join(parent, "a", "b"), join(parent, "a")]);
});
