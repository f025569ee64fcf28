import assert from "node:assert/strict";
import { test } from "node:test";
import { treeOf } from "../tree.fixture.js";
import { docstrings } from "./docstrings.js";

test("reports an export of a package without a docstring", () => {
  const text = "/** Has one. */\nexport const a = 1;\nexport const b = 2;\nconst c = 3;\n";
  const [finding, ...others] = docstrings(treeOf({ "packages/p/src/a.ts": text }));
  assert.deepEqual(others, []);
  assert.equal(finding?.line, 3);
  assert.match(finding?.advice ?? "", /^b has no docstring\./);
});

test("accepts exports of tests, of fixtures, and outside packages and cores", () => {
  const text = "export const a = 1;";
  const paths = ["packages/p/src/a.test.ts", "packages/p/src/a.fixture.ts", "src/a.ts"];
  assert.deepEqual(docstrings(treeOf(Object.fromEntries(paths.map((path) => [path, text])))), []);
});
