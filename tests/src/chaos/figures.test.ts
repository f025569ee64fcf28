import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeTimes, figuresOf, lateRequeues, type TimedFault } from "./figures.js";
import type { Leadership } from "./leaders/without-leader.js";
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

const LEASE_TTL_MS = 20;

/** Computes the figures of a storm in which the records of the leaders begin at 0. */
function figures(
  faults: readonly TimedFault[],
  events: readonly TimedEvent[],
  leaderships: readonly Leadership[] = [],
) {
  const records = [0, 90, 130, 200].map((at) => ({ at, term: 1, coordinator: 0 }));
  const trace = { records, leaderships, leaderTtlMs: 100 };
  return figuresOf({ faults, events, trace, leaseTtlMs: LEASE_TTL_MS });
}

describe("the times of recovery", () => {
  it("count from the death of a trainer that holds a lease", () => {
    const events = [granted(10, "0", "trainer-1-a"), granted(20, "1", "trainer-2-b"), requeued(150, "0")];
    const faults = [{ at: 100, fault: fault("trainer", "kill", 1) }];
    const { queuedAfterKill, leaseAfterKill } = figures(faults, [...events, granted(160, "0", "trainer-3-c")]);
    assert.deepEqual([queuedAfterKill, leaseAfterKill], [[50], [60]]);
  });

  it("of a lease are too long beyond its time to live and the time without a leader", () => {
    const faults = [{ at: 100, fault: fault("trainer", "kill", 1) }];
    const events = (at: number) => [granted(10, "0", "trainer-1-a"), requeued(at, "0")];
    const leaderships = [{ at: 0, coordinator: 0 }];
    const inTime = figures(faults, events(160), leaderships);
    assert.deepEqual([inTime.queuedBeyondBound, lateRequeues(inTime)], [[40], []]);
    const late = figures(faults, events(3_000), leaderships);
    assert.deepEqual(lateRequeues({ ...late, queuedBeyondBound: [2_001] }).length, 1);
    assert.match(
      lateRequeues({ ...late, queuedBeyondBound: [2_001] })[0] ?? "",
      /queued again 2\.9 s after .* 2\.0 s beyond/,
    );
  });

  it("ignore a trainer that held no lease", () => {
    const events = [granted(10, "0", "trainer-1-a"), requeued(50, "0"), granted(160, "0", "trainer-3-c")];
    assert.deepEqual(figures([{ at: 100, fault: fault("trainer", "kill", 1) }], events).leaseAfterKill, []);
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
    const { takeoverAfterKill, takeoverAfterFreeze } = figures(faults, [], leaderships);
    assert.deepEqual([takeoverAfterKill, takeoverAfterFreeze], [[30], []]);
  });

  it("are described by number, median and maximum", () => {
    assert.equal(describeTimes([3_000, 1_000, 2_000]), "3, median 2.0 s, longest 3.0 s");
    assert.equal(describeTimes([]), "none");
  });
});
