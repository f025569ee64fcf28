import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { requireSpace, untilFull } from "./free-space.js";

const freeing = (bytes: number) => () => bytes;

test("refuses to start a run without enough free space", () => {
  assert.throws(() => requireSpace("/run", freeing(1 << 20)), /\/run: no space is left/);
  requireSpace("/run", freeing(1 << 30));
});

test("rejects when the free space falls below the reserve", async () => {
  const { signal } = new AbortController();
  await assert.rejects(untilFull("/run", signal, freeing(0)), /no space is left/);
});

test("accepts the free space of a real file system", () => {
  assert.doesNotThrow(() => requireSpace(tmpdir()));
});
