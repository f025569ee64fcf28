import assert from "node:assert/strict";
import { test } from "node:test";
import { nameHint } from "./name-hint.js";

test("names the nearest name before the list, or the list alone", () => {
  const names = ["python", "shell"];
  assert.equal(nameHint("pyton", names), "did you mean python? They are python, shell");
  assert.equal(nameHint("zzzzzzzz", names), "they are python, shell");
  assert.equal(nameHint("shel", names, "the examples are these"), "did you mean shell? The examples are these");
});
