import assert from "node:assert/strict";
import { test } from "node:test";
import { type StoreFacts, weaknesses } from "./durability.js";

const SAFE: StoreFacts = {
  isCluster: true,
  streams: [{ name: "EVENTS", copies: 3 }],
  flushes: ["always", "always", "always"],
};

test("a cluster with three copies that flushes every record is durable, and a single server too", () => {
  assert.deepEqual(weaknesses(SAFE), []);
  const single = { isCluster: false, streams: [{ name: "EVENTS", copies: 1 }], flushes: ["always"] } as const;
  assert.deepEqual(weaknesses(single), []);
});

test("too few copies, flushes in intervals, and what cannot be seen are named", () => {
  const few = weaknesses({ ...SAFE, streams: [{ name: "EVENTS", copies: 1 }] });
  assert.deepEqual(few, ["stream EVENTS has 1 copies, 3 survive a lost server"]);
  assert.match(weaknesses({ ...SAFE, flushes: ["always", "intervals"] })[0] ?? "", /sync_interval: always/);
  assert.deepEqual(weaknesses({ ...SAFE, flushes: [{ unknown: "port away" }] }), ["port away"]);
  assert.match(weaknesses({ ...SAFE, flushes: [] })[0] ?? "", /SINTONIA_NATS_MONITOR_URL/);
});
