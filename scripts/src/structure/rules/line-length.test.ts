import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProto } from "../parse-proto.js";
import { treeOf } from "../tree.fixture.js";
import { lineLength } from "./line-length.js";

test("accepts code of 120 columns and comments of 100", () => {
  assert.deepEqual(findings(`${code(120)}\n${comment(100)}\n/**\n * ${words(97)}\n */`), []);
});

test("reports longer lines of code, of comments, and inside block comments", () => {
  const found = findings(`${code(121)}\n${comment(101)}\n/**\n * ${words(98)}\n */`);
  assert.deepEqual(
    found.map(({ line, advice }) => [line, advice]),
    [
      [1, "code line of 121 columns, more than 120. Shorten or break it."],
      [2, "comment line of 101 columns, more than 100. Shorten or break it."],
      [4, "comment line of 101 columns, more than 100. Shorten or break it."],
    ],
  );
});

test("judges a line with a trailing comment as code", () => {
  assert.deepEqual(findings(`const a = 1; // ${words(104)}`), []);
  assert.equal(findings(`const a = 1; // ${words(105)}`).length, 1);
});

test("accepts a long line that holds an address, a hash or a regular expression", () => {
  assert.deepEqual(findings(`const a = "https://example.org/${"x".repeat(120)}";`), []);
});

test("reports long comment lines of proto files", () => {
  const file = parseProto("proto/a.proto", `${comment(101)}\noption a = "// ${words(90)}";\n`);
  assert.equal(lineLength({ workspaces: [], files: [file] }).length, 1);
});

function findings(text: string) {
  return lineLength(treeOf({ "a.ts": text }));
}

function code(width: number): string {
  return `f("${words(width - 5)}");`.padEnd(width, " ").slice(0, width);
}

function comment(width: number): string {
  return `// ${words(width - 3)}`;
}

function words(width: number): string {
  return "word "
    .repeat(width)
    .slice(0, width - 1)
    .padEnd(width, "x");
}
