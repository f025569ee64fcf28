import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Candidate,
  hasLiveLeader,
  initialLeadership,
  isLeading,
  type LeaderRecord,
  type Leadership,
  leaderAddress,
  nextMove,
  observed,
  refused,
  unanswered,
  written,
  yielded,
} from "./leadership.js";

const TTL_MS = 3_000;
const SELF: Candidate = { instance: "b", identity: "", address: "b:1" };

function recordOf(changes: Partial<LeaderRecord> = {}): LeaderRecord {
  return { term: 7, instance: "a", identity: "", address: "a:1", isReleased: false, leases: [], ...changes };
}

function move(state: Leadership, nowMs: number, self = SELF, wallSeconds = 0) {
  return nextMove(state, self, { nowMs, ttlMs: TTL_MS, wallSeconds });
}

function seen(state: Leadership, revision: number, nowMs: number, changes: Partial<LeaderRecord> = {}): Leadership {
  return observed(state, { record: recordOf(changes), revision }, { self: SELF, nowMs });
}

describe("a coordinator that follows", () => {
  const first = seen(initialLeadership(), 4, 10_000);

  it("looks at the record first, and claims a leadership that nobody has", () => {
    assert.deepEqual(move(initialLeadership(), 0), { type: "observe" });
    const none = observed(initialLeadership(), undefined, { self: SELF, nowMs: 5 });
    assert.deepEqual(move(none, 5), { type: "claim", term: 1, after: 0 });
  });

  it("claims once the record has not changed for the time to live, and names the leader until then", () => {
    assert.deepEqual(move(first, 12_999), { type: "observe" });
    assert.equal(leaderAddress(first, SELF), "a:1");
    const unchanged = seen(first, 4, 13_000);
    assert.deepEqual(move(unchanged, 13_000), { type: "claim", term: 8, after: 4 });
    assert.deepEqual(move(seen(first, 5, 13_000), 15_999), { type: "observe" });
  });

  it("counts anew after a gap in the answers: the leader could not renew either", () => {
    const again = seen(unanswered(first, 12_000), 4, 12_500);
    assert.deepEqual(move(again, 15_499), { type: "observe" });
    assert.deepEqual(move(again, 15_500), { type: "claim", term: 8, after: 4 });
  });

  it("claims at once after a leader that released its record, and after its own former process", () => {
    assert.equal(move(seen(initialLeadership(), 4, 0, { isReleased: true }), 0).type, "claim");
    const former = seen(initialLeadership(), 4, 0, { identity: "run x" });
    assert.equal(move(former, 0, { ...SELF, identity: "run x" }).type, "claim");
    assert.equal(move(former, 0, { ...SELF, identity: "run y" }).type, "observe");
    assert.equal(move(seen(initialLeadership(), 4, 0, { identity: "" }), 0).type, "observe");
  });

  it("takes a term above every term that it has seen, and not below the seconds of the wall clock", () => {
    assert.deepEqual(move(seen(first, 4, 13_000), 13_000, SELF, 900), { type: "claim", term: 900, after: 4 });
    const lost = observed(seen(first, 5, 11_000, { term: 950 }), undefined, { self: SELF, nowMs: 12_000 });
    assert.deepEqual(move(lost, 15_000, SELF, 900), { type: "claim", term: 951, after: 0 });
  });

  it("claims a leadership whose record the store has lost once the leader must have noticed", () => {
    const none = (state: Leadership, nowMs: number) => observed(state, undefined, { self: SELF, nowMs });
    const lost = none(first, 11_000);
    assert.equal(leaderAddress(lost, SELF), undefined);
    assert.deepEqual(move(none(lost, 13_999), 13_999), { type: "observe" });
    assert.deepEqual(move(none(lost, 14_000), 14_000), { type: "claim", term: 8, after: 0 });
    const again = none(unanswered(lost, 12_000), 12_500);
    assert.deepEqual(move(again, 15_499), { type: "observe" }, "counts anew after a gap in the answers");
    assert.deepEqual(move(seen(lost, 9, 14_000), 14_000), { type: "observe" }, "another one was faster");
  });

  it("names no leader for a record that cannot be read", () => {
    const damaged = seen(initialLeadership(), 4, 0, { term: 0, instance: "", address: "" });
    assert.equal(leaderAddress(damaged, SELF), undefined);
    assert.deepEqual(move(damaged, TTL_MS - 1), { type: "observe" });
    assert.equal(move(damaged, TTL_MS).type, "claim");
  });

  it("takes no record with its own address for another leader", () => {
    assert.equal(leaderAddress(seen(first, 5, 11_000, { address: "b:1" }), SELF), undefined);
  });

  it("knows a live leader once the record has changed before its eyes, until the leader has ended in order", () => {
    assert.ok(!hasLiveLeader(seen(first, 4, 11_000), SELF));
    const renewed = seen(first, 5, 11_000);
    assert.ok(hasLiveLeader(renewed, SELF));
    assert.ok(hasLiveLeader(seen(renewed, 5, 11_250), SELF));
    assert.ok(!hasLiveLeader(seen(renewed, 6, 12_000, { isReleased: true }), SELF));
    assert.ok(!hasLiveLeader(seen(renewed, 6, 12_000, { address: "b:1" }), SELF));
  });

  it("looks again after a claim that the store refused", () => {
    assert.deepEqual(move(refused(first, 13_000), 13_000), { type: "observe" });
  });
});

describe("a coordinator that leads", () => {
  const led = written(initialLeadership(), { term: 8, revision: 5, sentMs: 1_000 });

  it("acts for the time to live from the sending of its last renewal", () => {
    assert.ok(isLeading(led, 3_999, TTL_MS));
    assert.ok(!isLeading(led, 4_000, TTL_MS));
    assert.ok(isLeading(written(led, { term: 8, revision: 6, sentMs: 2_000 }), 4_999, TTL_MS));
    assert.ok(!isLeading(initialLeadership(), 0, TTL_MS));
  });

  it("renews its record, and looks at it after a renewal without an answer", () => {
    assert.deepEqual(move(led, 2_000), { type: "renew", term: 8, after: 5 });
    const doubtful = unanswered(led, 2_500);
    assert.deepEqual(move(doubtful, 2_500), { type: "observe" });
    const confirmed = seen(doubtful, 6, 2_600, { instance: "b", term: 8 });
    assert.deepEqual(move(confirmed, 2_600), { type: "renew", term: 8, after: 6 });
    assert.ok(isLeading(confirmed, 3_999, TTL_MS), "an observation is no renewal");
    assert.ok(!isLeading(confirmed, 4_000, TTL_MS));
  });

  it("follows if the store holds the record of another coordinator, an older own one, or none", () => {
    for (const changes of [{ term: 9 }, { instance: "b", term: 7 }, { instance: "b", term: 8, isReleased: true }]) {
      const state = seen(refused(led, 2_000), 6, 2_100, changes);
      assert.equal(state.mode, "following");
      assert.ok(!isLeading(state, 2_100, TTL_MS));
    }
    assert.equal(observed(refused(led, 2_000), undefined, { self: SELF, nowMs: 2_100 }).mode, "following");
  });

  it("leaves a leadership that it gave up to others for some time", () => {
    const state = seen(yielded(led, 9_000), 6, 2_000, { isReleased: true, instance: "b", term: 8 });
    assert.deepEqual(move(state, 8_999), { type: "observe" });
    assert.deepEqual(move(state, 9_000), { type: "claim", term: 9, after: 6 });
  });
});
