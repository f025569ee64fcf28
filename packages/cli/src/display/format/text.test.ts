import assert from "node:assert/strict";
import { test } from "node:test";
import { padded, truncated, widthOf, wrapped } from "./text.js";

test("wide characters take two columns, combining ones none, and colour codes none", () => {
  assert.deepEqual(["abc", "学習率", "e\u0301", "\u001b[32mok\u001b[39m", "👩‍💻"].map(widthOf), [3, 6, 1, 2, 2]);
});

test("a text is cut between characters, and never wider than the room", () => {
  assert.equal(truncated("abcdef", 6), "abcdef");
  assert.equal(truncated("abcdef", 5), "abcd…");
  assert.equal(truncated("学習率を探す", 6), "学習…");
  assert.equal(truncated("e\u0301e\u0301e\u0301", 2), "e\u0301…");
  assert.equal(truncated("abc", 0), "");
  for (let room = 1; room < 14; room++) assert.ok(widthOf(truncated("学習x率を探す", room)) <= room);
});

test("a text is filled with blanks by its width", () => {
  assert.deepEqual([padded("学", 4), padded("ab", 4, "right"), padded("abcde", 4)], ["学  ", "  ab", "abcde"]);
});

test("a sentence is broken between words, a long word inside, and further lines are indented", () => {
  assert.deepEqual(wrapped("the quick brown fox", 10), ["the quick", "brown fox"]);
  assert.deepEqual(wrapped("the quick brown fox", 10, "   "), ["the quick", "   brown", "   fox"]);
  assert.deepEqual(wrapped("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
  assert.deepEqual(wrapped("学習率を 探す", 4), ["学習", "率を", "探す"]);
  assert.deepEqual(wrapped("short", Infinity), ["short"]);
  assert.deepEqual(wrapped("学習", 1), ["学習"], "a character that is wider than the room stays whole");
});
