import assert from "node:assert/strict";
import { test } from "node:test";
import { printable, printableLine } from "./printable.js";

test("characters that a terminal would obey become visible", () => {
  const cases: readonly [string, string][] = [
    ["\u001b[2J\u001b]0;title\u0007", "\\u{1b}[2J\\u{1b}]0;title\\u{7}"],
    ["one\nTrial 9 Complete\r", "one\\u{a}Trial 9 Complete\\u{d}"],
    ["\u009b31m", "\\u{9b}31m"],
    ["abc\u202edcba", "abc\\u{202e}dcba"],
    ["a\u2028b\u200bc\u{e0001}", "a\\u{2028}b\\u{200b}c\\u{e0001}"],
    ["\ud800", "\\u{d800}"],
  ];
  for (const [text, expected] of cases) assert.equal(printable(text), expected);
});

test("ordinary text of any language stays", () => {
  for (const text of ["学習率 é e\u0301 ñ", "👩‍💻 ±√", "a\\b", ""]) assert.equal(printable(text), text);
});

test("the program's own colours stay in a line, and no other code does", () => {
  assert.equal(printableLine("\u001b[32mok\u001b[39m"), "\u001b[32mok\u001b[39m");
  assert.equal(printableLine("\u001b[8mhidden\u001b[1Aup"), "\\u{1b}[8mhidden\\u{1b}[1Aup");
});
