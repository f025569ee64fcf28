import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterCompletion, fullLimit, type Limit, lowered, RAISE_COUNT, RAISE_COUNT_MAX } from "./limit.js";

/** Completes trials with all slots of the limit open, until the limit goes up. */
function untilRaised(limit: Limit): { readonly limit: Limit; readonly completions: number } {
  let now = limit;
  for (let completions = 1; completions <= 2 * RAISE_COUNT_MAX; completions += 1) {
    now = afterCompletion(now, now.now);
    if (now.now > limit.now) return { limit: now, completions };
  }
  return assert.fail("the limit never went up");
}

describe("the limit of trials at once", () => {
  it("goes below the number of slots with which memory ran out, and never below one", () => {
    assert.equal(lowered(fullLimit(16), 4).now, 3);
    assert.equal(lowered(lowered(fullLimit(16), 2), 2).now, 1);
    assert.equal(lowered(fullLimit(1), 1).now, 1);
  });

  it("goes up by one after some completed trials, twice as many after each further fault", () => {
    let limit = lowered(fullLimit(4), 3);
    for (const wanted of [RAISE_COUNT, 2 * RAISE_COUNT, 4 * RAISE_COUNT]) {
      const raised = untilRaised(limit);
      assert.deepEqual([raised.limit.now, raised.completions], [3, wanted]);
      limit = lowered(raised.limit, 3);
    }
    for (let fault = 0; fault < 20; fault += 1) limit = lowered(limit, 3);
    assert.equal(limit.raiseCount, RAISE_COUNT_MAX);
  });

  it("does not go up for trials that left a slot of the limit closed, nor beyond its setting", () => {
    const limit = lowered(fullLimit(4), 4);
    let now = limit;
    for (let trial = 0; trial < 2 * RAISE_COUNT; trial += 1) now = afterCompletion(now, limit.now - 1);
    assert.deepEqual(now, limit);
    assert.equal(afterCompletion(fullLimit(2), 2).now, 2);
  });
});
