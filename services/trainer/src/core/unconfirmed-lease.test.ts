import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "./apply.js";
import { UNCONFIRMED_MAX_MS } from "./decide/time.js";
import { readyState, sampleLease, trainingPhase } from "./samples.fixture.js";
import type { State } from "./state/state.js";

const { renewedMs } = trainingPhase;
const { ttlMs } = sampleLease;
const { token } = sampleLease.key;

function unconfirmed(state: State, sentMs: number): State {
  return apply(state, { type: "lease-unconfirmed", token, sentMs }, sentMs).state;
}

/** Tells whether the trainer still trains at a time. */
function trainsAt(state: State, nowMs: number): boolean {
  return apply(state, { type: "tick" }, nowMs).state.phase.name === "training";
}

test("a trainer trains on while coordinators answer that their store is away", () => {
  let state = readyState(trainingPhase);
  assert.ok(!trainsAt(state, renewedMs + ttlMs));
  for (let sentMs = renewedMs + 5_000; sentMs < renewedMs + 60_000; sentMs += 5_000) {
    state = unconfirmed(state, sentMs);
    assert.ok(trainsAt(state, sentMs + ttlMs - 1));
    assert.ok(!trainsAt(state, sentMs + ttlMs), "it stops once nobody answers");
  }
});

test("a trainer gives up after the limit", () => {
  const state = unconfirmed(readyState(trainingPhase), renewedMs + UNCONFIRMED_MAX_MS - 1);
  assert.ok(trainsAt(state, renewedMs + UNCONFIRMED_MAX_MS - 1));
  assert.ok(!trainsAt(state, renewedMs + UNCONFIRMED_MAX_MS));
});

test("an answer about another lease keeps no lease", () => {
  const input = { type: "lease-unconfirmed", token: token + 1, sentMs: renewedMs + 5_000 } as const;
  const { state } = apply(readyState(trainingPhase), input, renewedMs + 5_000);
  assert.ok(!trainsAt(state, renewedMs + ttlMs));
});
