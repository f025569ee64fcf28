import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { requireSpace, untilFull } from "./free-space.js";

const freeing = (bytes: number) => () => bytes;

test("a run does not begin without room for it", () => {
  assert.throws(() => requireSpace("/run", freeing(1 << 20)), /\/run: no space is left/);
  requireSpace("/run", freeing(1 << 30));
});

test("a run ends when the room goes", async () => {
  const { signal } = new AbortController();
  await assert.rejects(untilFull("/run", signal, freeing(0)), /no space is left/);
});

test("the file system's own figure is a number of bytes", () => {
  assert.doesNotThrow(() => requireSpace(tmpdir()));
});
