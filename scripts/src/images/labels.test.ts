import assert from "node:assert/strict";
import { it } from "node:test";
import { labelsOf, publicAddress } from "./labels.js";

const ORIGIN = { version: "0.1.0", revision: "abc", source: undefined, epochSeconds: 1_700_000_000 };

it("labels an image with its origin, and leaves out what is unknown", () => {
  const base = { name: "mine:1", digest: undefined, reference: "mine:1" };
  assert.deepEqual(labelsOf("sintonia-trainer", ORIGIN, base), {
    "org.opencontainers.image.title": "sintonia-trainer",
    "org.opencontainers.image.version": "0.1.0",
    "org.opencontainers.image.revision": "abc",
    "org.opencontainers.image.created": "2023-11-14T22:13:20.000Z",
    "org.opencontainers.image.base.name": "mine:1",
  });
});

it("names the repository without a login", () => {
  for (const remote of [
    "git@example.org:a/b.git",
    "https://me:secret@example.org/a/b.git\n",
    "https://example.org/a/b",
  ])
    assert.equal(publicAddress(remote), "https://example.org/a/b");
});
