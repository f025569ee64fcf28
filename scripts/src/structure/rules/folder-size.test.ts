import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceTree } from "../source-tree.js";
import { treeOf } from "../tree.fixture.js";
import { folderSize } from "./folder-size.js";

test("accepts ten source files in a folder, beside tests, fixtures and subfolders", () => {
  const others = { "src/f1.test.ts": "", "src/f1.fixture.ts": "", "src/sub/g.ts": "" };
  assert.deepEqual(folderSize(withFiles(10, others), {}), []);
});

test("reports a folder of eleven source files", () => {
  const [finding, ...others] = folderSize(withFiles(11), {});
  assert.deepEqual(others, []);
  assert.equal(finding?.path, "w/src");
  assert.match(finding?.advice ?? "", /^holds 11 files, more than 10\./);
});

test("accepts a larger folder with a stated reason, and reports a reason that no folder needs", () => {
  assert.deepEqual(folderSize(withFiles(11), { "w/src": "one file for each command" }), []);
  const [finding] = folderSize(withFiles(10), { "w/src": "one file for each command" });
  assert.match(finding?.advice ?? "", /Delete its reason/);
});

function withFiles(count: number, others: Readonly<Record<string, string>> = {}): SourceTree {
  const names = Array.from({ length: count }, (_, index) => [`src/f${index}.ts`, ""]);
  return treeOf({ ...Object.fromEntries(names), ...others });
}
