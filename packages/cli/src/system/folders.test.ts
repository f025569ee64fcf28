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

test("makes a folder with all those above it, and leaves one that is there", (context) => {
  const path = join(temporaryFolder(context), "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  assert.ok(statSync(path).isDirectory());
});

test("takes a link to a folder for a folder", (context) => {
  const parent = temporaryFolder(context);
  mkdirSync(join(parent, "real"));
  symlinkSync(join(parent, "real"), join(parent, "link"));
  makeFolder(join(parent, "link"));
  makeFolder(join(parent, "link", "a"));
  assert.ok(statSync(join(parent, "real", "a")).isDirectory());
});

test("does not take a file for a folder", (context) => {
  const file = join(temporaryFolder(context), "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), { code: "EEXIST" });
  assert.throws(() => makeFolder(join(file, "a")), { code: "ENOTDIR" });
});

test("ends where a file system has no such folder and makes none, as procfs", (context) => {
  const parent = temporaryFolder(context);
  const asked: string[] = [];
  const refuse = (path: string): void => {
    asked.push(path);
    throw Object.assign(new Error("no such file or directory"), { code: "ENOENT" });
  };
  assert.throws(() => makeFolder(join(parent, "a", "b"), refuse), { code: "ENOENT" });
  assert.deepEqual(asked, [join(parent, "a", "b"), join(parent, "a")]);
});
