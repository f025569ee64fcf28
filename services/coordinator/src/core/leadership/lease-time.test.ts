import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recover } from "../apply.js";
import { RULES, Scenario, TTL_MS } from "../scenario.fixture.js";
import type { State } from "../state/state.js";
import { isLate, type LeaseTime, leaseTimes } from "./lease-time.js";

const GRACE_MS = TTL_MS / 3;

/** Returns the lease times that a leader's record would have. */
function recorded({ study, transient }: State, nowMs: number): readonly LeaseTime[] {
  return leaseTimes(study, transient, nowMs).filter((time) => isLate(time, TTL_MS));
}

/** Returns the state after a change of the leader, whose clock begins at 0. */
function successor(state: State, times: readonly LeaseTime[]): State {
  return recover(state.study, { monotonicMs: 0, wallMs: 0 }, RULES, times).state;
}

function remainingOf(state: State, nowMs = 0): readonly number[] {
  return leaseTimes(state.study, state.transient, nowMs).map(({ remainingMs }) => remainingMs);
}

describe("the clock of a lease across a change of the leader", () => {
  it("goes on where it stood, with the grace once", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    const times = recorded(scenario.state, 700);
    assert.deepEqual(
      times.map(({ remainingMs, isGraced }) => [remainingMs, isGraced]),
      [[300, false]],
    );
    const second = successor(scenario.state, times);
    assert.deepEqual(remainingOf(second), [Math.round(300 + GRACE_MS)]);
    const third = successor(scenario.state, recorded(second, 100));
    assert.deepEqual(remainingOf(third), [Math.round(200 + GRACE_MS)]);
  });

  it("begins anew for a lease that was renewed in time, which repeated changes do not prolong", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    let state = scenario.state;
    assert.deepEqual(recorded(state, 300), []);
    state = successor(state, []);
    for (let change = 1; change <= 9; change++) {
      state = successor(state, recorded(state, 100));
      assert.deepEqual(remainingOf(state), [TTL_MS - 100 * change]);
    }
  });

  it("is not taken from the lease before", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    const [time] = recorded(scenario.state, 900);
    assert.ok(time !== undefined);
    const state = successor(scenario.state, [{ ...time, token: time.token - 1 }]);
    assert.deepEqual(remainingOf(state), [TTL_MS]);
  });

  it("is renewed by the trainer's next heartbeat", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    scenario.state = successor(scenario.state, recorded(scenario.state, 900));
    assert.equal(recorded(scenario.state, 0).length, 1);
    scenario.monotonicMs = 50;
    scenario.submit({ type: "heartbeat", lease });
    assert.deepEqual(recorded(scenario.state, 50), []);
    assert.deepEqual(remainingOf(scenario.state, 50), [TTL_MS]);
  });
});
