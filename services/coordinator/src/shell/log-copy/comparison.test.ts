import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareLogs, type StoredEntry } from "./comparison.js";

/** Returns the entries of a chain. "?" stands for an entry that is no record. */
function chain(digests: string, after = ""): StoredEntry[] {
  let last = after;
  return [...digests].map((digest) => {
    if (digest === "?") return { digest: "garbage", previous: undefined };
    const previous = last;
    last = digest;
    return { digest, previous };
  });
}

const CONSISTENT = { kind: "consistent", newer: [], missing: 0, foreign: 0 };

describe("a log and its copy", () => {
  it("are equal", () => {
    assert.deepEqual(compareLogs([..."abc"], chain("abc")), { ...CONSISTENT, common: 3 });
  });

  it("differ by newer records of the log, which the copy had no time to get", () => {
    assert.deepEqual(compareLogs([..."ab"], chain("abcd")), { ...CONSISTENT, common: 2, newer: [2, 3] });
    assert.deepEqual(compareLogs([], chain("ab")), { ...CONSISTENT, common: 0, newer: [0, 1] });
  });

  it("differ by acknowledged records that the log has lost", () => {
    assert.deepEqual(compareLogs([..."abcd"], chain("ab")), { ...CONSISTENT, common: 2 });
    assert.deepEqual(compareLogs([..."ab"], []), { ...CONSISTENT, common: 0 });
  });

  it("differ by damaged, missing and foreign entries of the log", () => {
    const damaged = [...chain("a"), ...chain("?"), ...chain("cd", "b")];
    assert.deepEqual(compareLogs([..."abc"], damaged), {
      ...CONSISTENT,
      common: 3,
      newer: [3],
      missing: 1,
      foreign: 1,
    });
    assert.deepEqual(compareLogs([..."ab"], chain("ab?")), { ...CONSISTENT, common: 2, foreign: 1 });
    assert.deepEqual(compareLogs([..."ab"], chain("a?")), { ...CONSISTENT, common: 1, foreign: 1 });
  });

  it("diverge if the log goes on in another way", () => {
    assert.deepEqual(compareLogs([..."abc"], chain("abx")), { kind: "diverged", common: 2 });
    assert.deepEqual(compareLogs([..."abc"], chain("xyz")), { kind: "diverged", common: 0 });
  });
});
