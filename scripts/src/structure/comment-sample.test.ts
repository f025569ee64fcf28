import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleComments } from "./comment-sample.js";
import { treeOf } from "./tree.fixture.js";

const TEXTS = Array.from({ length: 40 }, (_, index) => `// Comment ${index}.\nconst a${index} = 0;\n`);

test("draws the same comments with the same seed, others with another", () => {
  const tree = treeOf({ "a.ts": TEXTS.join("") });
  assert.deepEqual(sampleComments(tree, 10, 1), sampleComments(tree, 10, 1));
  assert.notDeepEqual(sampleComments(tree, 10, 1), sampleComments(tree, 10, 2));
  assert.equal(new Set(sampleComments(tree, 40, 1).map(({ line }) => line)).size, 40);
});

test("draws the same comments after an edit of code", () => {
  const drawn = (before: string): readonly string[] =>
    sampleComments(treeOf({ "a.ts": before + TEXTS.join("") }), 10, 1).map(({ text }) => text);
  assert.deepEqual(drawn("const b = 0;\n"), drawn(""));
});
