import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apply, begin } from "../apply.js";
import type { Input } from "../boundary/input.js";
import { readyState, SAMPLE_INPUTS, sampleLease } from "../samples.fixture.js";
import type { State } from "../state/state.js";
import { REFUSED_HEARTBEAT_MAX_MS, UNFIT_REST_MS } from "./lease-request.js";

const REFUSED = SAMPLE_INPUTS["trainer-refused"];
const ACCEPTED = SAMPLE_INPUTS["trainer-accepted"];
const NOW_MS = 10_000;

/** Returns the times of the heartbeats of a trainer that is refused for five minutes. */
function heartbeatTimes(): readonly number[] {
  let { state } = apply(readyState({ name: "idle" }), REFUSED, NOW_MS);
  const times: number[] = [];
  for (let nowMs = NOW_MS; nowMs <= NOW_MS + 300_000; nowMs += 1_000) {
    const step = apply(state, { type: "tick" }, nowMs);
    const isSent = step.effects.some(({ type }) => type === "send-heartbeat");
    if (isSent) times.push(nowMs);
    ({ state } = isSent ? apply(step.state, REFUSED, nowMs) : step);
  }
  return times;
}

function after(state: State, ...inputs: readonly Input[]): State {
  return inputs.reduce((before, input) => apply(before, input, NOW_MS).state, state);
}

describe("a trainer that the coordinator refuses", () => {
  it("takes no assignment before a heartbeat is answered", () => {
    const { state } = begin(0, { checkpointIntervalMs: 0, drainMs: 5_000 });
    const ready = apply(after(state, REFUSED), SAMPLE_INPUTS["engine-ready"], NOW_MS);
    assert.deepEqual([ready.state.phase.name, ready.effects], ["refused", []]);
    const { effects } = apply(ready.state, ACCEPTED, NOW_MS);
    assert.deepEqual(effects, [{ type: "pull-assignment" }]);
  });

  it("leaves the assignment to other trainers at once, and takes no other one", () => {
    const assignment = SAMPLE_INPUTS["lease-rejected"].assignment;
    const leasing = readyState({ name: "leasing", assignment, giveUpAtMs: 20_000 });
    const { state, effects } = apply(after(leasing, REFUSED), SAMPLE_INPUTS["lease-rejected"], NOW_MS);
    assert.deepEqual(effects, [{ type: "give-back-assignment", assignment, delayMs: 0 }]);
    assert.equal(state.phase.name, "refused");
  });

  it("doubles the time between two heartbeats up to a minute", () => {
    const times = heartbeatTimes();
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.deepEqual(gaps.slice(0, 5), [10_000, 20_000, 40_000, REFUSED_HEARTBEAT_MAX_MS, REFUSED_HEARTBEAT_MAX_MS]);
  });

  it("begins with short times again after it was accepted", () => {
    const state = after(readyState({ name: "idle" }), REFUSED, REFUSED, REFUSED, ACCEPTED, REFUSED);
    assert.equal(state.refusalCount, 1);
  });

  it("keeps a trial that it has, and takes no other one after it", () => {
    const completing = { name: "completing", lease: sampleLease, renewedMs: 9_000 } as const;
    const { weights } = SAMPLE_INPUTS["training-completed"];
    const state = after(
      readyState({ ...completing, weights, uploads: 1 }),
      REFUSED,
      SAMPLE_INPUTS["complete-trial continue"],
    );
    assert.equal(state.phase.name, "refused");
  });
});

it("a trainer that lacks the resources of a study leaves the trial to others, and rests before it asks again", () => {
  const assignment = SAMPLE_INPUTS["lease-rejected"].assignment;
  const leasing = readyState({ name: "leasing", assignment, giveUpAtMs: 20_000 });
  const { state, effects } = apply(leasing, { type: "lease-refused", assignment, reason: "unfit" }, NOW_MS);
  assert.deepEqual(effects, [{ type: "give-back-assignment", assignment, delayMs: 0 }]);
  assert.equal(apply(state, { type: "tick" }, NOW_MS + UNFIT_REST_MS - 1).state.phase.name, "resting");
  assert.equal(apply(state, { type: "tick" }, NOW_MS + UNFIT_REST_MS).state.phase.name, "idle");
});
