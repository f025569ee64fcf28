import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LeaderTrace, timeWithoutLeader } from "./without-leader.js";

/** Two leaders that write a record each second: one is killed at 3 s, the next is ready at 8 s. */
const TRACE: LeaderTrace = {
  leaderTtlMs: 3_000,
  records: [
    ...[0, 1_000, 2_000, 3_000].map((at) => ({ at, term: 1, coordinator: 0 })),
    ...[7_000, 8_000, 9_000, 10_000].map((at) => ({ at, term: 2, coordinator: 1 })),
  ],
  leaderships: [
    { at: 0, coordinator: 0 },
    { at: 8_000, coordinator: 1 },
  ],
};

describe("the time without a leader", () => {
  it("counts from the last record of a leader until its successor is ready", () => {
    assert.equal(timeWithoutLeader(TRACE, 0, 10_000), 5_000);
    assert.equal(timeWithoutLeader(TRACE, 4_000, 6_000), 2_000);
  });

  it("is none while a leader writes its record", () => {
    assert.equal(timeWithoutLeader(TRACE, 500, 2_500), 0);
  });

  it("begins when a record is no more valid, if the same leader goes on", () => {
    const records = [0, 1_000, 9_000, 10_000].map((at) => ({ at, term: 1, coordinator: 0 }));
    assert.equal(timeWithoutLeader({ ...TRACE, records }, 0, 10_000), 5_000);
  });

  it("includes a term that ends before its coordinator is ready", () => {
    const records = [...TRACE.records.slice(0, 4), { at: 5_000, term: 3, coordinator: 1 }];
    assert.equal(timeWithoutLeader({ ...TRACE, records }, 0, 10_000), 7_000);
  });
});
