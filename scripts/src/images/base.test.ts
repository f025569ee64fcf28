import assert from "node:assert/strict";
import { it } from "node:test";
import { digestIn, pinned } from "./base.js";

const DIGEST = `sha256:${"ab".repeat(32)}`;

it("pins a base by the digest in its name, else by that of the lock file", () => {
  const lock = { "node:22": DIGEST };
  assert.equal(pinned("node:22", lock).reference, `node:22@${DIGEST}`);
  assert.deepEqual(pinned(`mirror/node:22@${DIGEST}`, {}), {
    name: "mirror/node:22",
    digest: DIGEST,
    reference: `mirror/node:22@${DIGEST}`,
  });
  assert.deepEqual(pinned("mine:1", lock), { name: "mine:1", digest: undefined, reference: "mine:1" });
});

it("reads a digest from the name that an engine prints, and nothing else", () => {
  assert.equal(digestIn(`docker.io/library/node@${DIGEST}\n`), DIGEST);
  assert.equal(digestIn(`localhost:5000/node@${DIGEST}`), DIGEST);
  for (const text of ["", "node:22", "node@sha256:12", `localhost/mine@${DIGEST}`])
    assert.equal(digestIn(text), undefined, text);
});
