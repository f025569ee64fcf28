// Whoever changes what the core makes of a log must raise SNAPSHOT_VERSION. Otherwise the new core
// would continue a snapshot of the former one.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { test } from "node:test";
import { Evolution } from "../../core/state/evolve.js";
import type { Study } from "../../core/state/study.js";
import { encodeSnapshot, SNAPSHOT_VERSION } from "./encoding.js";
import { RECORDED_LOG, RECORDED_TYPES } from "./recorded-log.fixture.js";

/** Version of snapshots and SHA-256 of the recorded log's states. Change both or none. */
const RECORDED = { version: 7, states: "b8291c755e13d9fd255d24968778876e06801175114b6abff594627bc93a3abc" };

/** SHA-256 of the snapshot of the last state, on a machine with little-endian numbers. */
const ENCODED = "86c4c8aae556992ca54177331dfa349e579fc6a3fd098cb5140ec6cb807fb54d";

test("the states of the recorded log are those of this version of snapshots", () => {
  const hash = createHash("sha256");
  const evolution = new Evolution(undefined);
  for (const [index, event] of RECORDED_LOG.entries()) {
    evolution.apply(event, 1_000_000 + index);
    hash.update(JSON.stringify(evolution.take() as Study));
  }
  const states = hash.digest("hex");
  const advice = "the state of a study has changed: raise SNAPSHOT_VERSION and record its version and states here";
  assert.deepEqual({ version: SNAPSHOT_VERSION, states }, RECORDED, advice);
});

test("the snapshot of the recorded log has the bytes of this version", { skip: endianness() !== "LE" }, () => {
  const evolution = new Evolution(undefined);
  for (const [index, event] of RECORDED_LOG.entries()) evolution.apply(event, 1_000_000 + index);
  const head = { revision: 40, sequence: 38, digest: "ab".repeat(32) };
  const hash = createHash("sha256");
  for (const chunk of encodeSnapshot({ study: evolution.take() as Study, head })) hash.update(chunk);
  assert.equal(hash.digest("hex"), ENCODED, "the form of snapshots has changed: raise SNAPSHOT_VERSION");
});

test("the recorded log has every event", () => {
  const types = new Set(RECORDED_LOG.map(({ type }) => type));
  for (const type of RECORDED_TYPES) assert.ok(types.has(type as never), `${type} is missing`);
});
