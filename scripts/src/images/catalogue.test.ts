import assert from "node:assert/strict";
import { it } from "node:test";
import { IMAGES, imagesToBuild } from "./catalogue.js";

it("builds a parent before its child, and each once", () => {
  const names = (wanted: readonly string[]) => imagesToBuild(wanted)?.map(({ name }) => name);
  assert.deepEqual(names(["program", "trainer-gpu"]), ["trainer", "trainer-gpu", "program"]);
  assert.deepEqual(names(["coordinator"]), ["coordinator"]);
  assert.equal(names([])?.length, IMAGES.length);
});

it("refuses an unknown name", () => {
  assert.equal(imagesToBuild(["coordinator", "nats"]), undefined);
});
