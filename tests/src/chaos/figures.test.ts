import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeTimes, figuresOf } from "./figures.js";
import type { TimedEvent } from "./log-check.js";
import type { Fault } from "./schedule.js";

const fault = (role: Fault["role"], kind: Fault["kind"], index: number, lengthMs = 1_000): Fault => ({
  atMs: 0,
  role,
  kind,
  index,
  lengthMs,
});
const granted = (at: number, trialId: string, trainerId: string): TimedEvent => ({
  at,
  event: { type: "lease-granted", trialId, trainerId, attempt: 1, token: at },
});
const requeued = (at: number, trialId: string): TimedEvent => ({
  at,
  event: { type: "trial-requeued", trialId, attempt: 2, reason: "gone" },
});

describe("the times of recovery", () => {
  it("count from the death of a trainer that holds a lease", () => {
    const events = [granted(10, "0", "trainer-1-a"), granted(20, "1", "trainer-2-b"), requeued(150, "0")];
    const faults = [{ at: 100, fault: fault("trainer", "kill", 1) }];
    const figures = figuresOf(faults, [...events, granted(160, "0", "trainer-3-c")], []);
    assert.deepEqual([figures.queuedAfterKill, figures.leaseAfterKill], [[50], [60]]);
  });

  it("ignore a trainer that held no lease", () => {
    const events = [granted(10, "0", "trainer-1-a"), requeued(50, "0"), granted(160, "0", "trainer-3-c")];
    const figures = figuresOf([{ at: 100, fault: fault("trainer", "kill", 1) }], events, []);
    assert.deepEqual(figures.leaseAfterKill, []);
  });

  it("count from the fault of the leader, not of the other coordinator", () => {
    const leaderships = [
      { at: 1, coordinator: 0 },
      { at: 130, coordinator: 1 },
    ];
    const faults = [
      { at: 100, fault: fault("coordinator", "kill", 0) },
      { at: 110, fault: fault("coordinator", "freeze", 1) },
      { at: 120, fault: fault("coordinator", "freeze", 0, 5) },
    ];
    const { takeoverAfterKill, takeoverAfterFreeze } = figuresOf(faults, [], leaderships);
    assert.deepEqual([takeoverAfterKill, takeoverAfterFreeze], [[30], []]);
  });

  it("are described by number, median and maximum", () => {
    assert.equal(describeTimes([3_000, 1_000, 2_000]), "3, median 2.0 s, longest 3.0 s");
    assert.equal(describeTimes([]), "none");
  });
});
