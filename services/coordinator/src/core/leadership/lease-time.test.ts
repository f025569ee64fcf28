import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apply, recover } from "../apply.js";
import { RULES, Scenario, TTL_MS } from "../scenario.fixture.js";
import type { State } from "../state/state.js";
import { isLate, type LeaseTime, leaseTimes, PUNCTUAL_SHARE } from "./lease-time.js";

/** Interval of the leader's records, as a share of the time to live that installations have. */
const RECORD_MS = TTL_MS / 15;
const PUNCTUAL_MS = PUNCTUAL_SHARE * TTL_MS;

/** Returns the lease times that a leader's record would have. */
function recorded({ study, transient }: State, nowMs: number): readonly LeaseTime[] {
  return leaseTimes(study, transient.deadlines, nowMs).filter((time) => isLate(time, TTL_MS));
}

/** Returns the state after a change of the leader, whose clock begins at 0. */
function successor(state: State, times: readonly LeaseTime[]): State {
  return recover(state.study, { monotonicMs: 0, wallMs: 0 }, RULES, times).state;
}

function remainingOf({ study, transient }: State, nowMs = 0): readonly number[] {
  return leaseTimes(study, transient.deadlines, nowMs).map(({ remainingMs }) => remainingMs);
}

/** Returns a study whose trial "0" is leased at time 0. */
function leasedScenario(): Scenario {
  const scenario = new Scenario();
  scenario.lease(scenario.suggest());
  return scenario;
}

/** Returns the state after the tick of a time. */
function ticked(state: State, monotonicMs: number): State {
  const tick = { type: "tick", capacity: 0, trainerIds: [] } as const;
  return apply(state, tick, { monotonicMs, wallMs: 0 }, RULES).state;
}

/**
 * Returns the time between the death of a trainer and the return of its trial to the queue,
 * without the time between two leaders. Each leader dies after the time given; the last one stays.
 */
function ledMsUntilQueued(leaderLives: readonly number[]): number {
  let { state } = leasedScenario();
  let ledMs = 0;
  for (const lifeMs of [...leaderLives, Number.POSITIVE_INFINITY]) {
    let times = recorded(state, 0);
    for (let nowMs = 0; nowMs < lifeMs; nowMs += 1) {
      if (nowMs % RECORD_MS < 1) times = recorded(state, nowMs);
      state = ticked(state, nowMs);
      if (state.study.trials[0]?.state === "queued") return ledMs + nowMs;
    }
    ledMs += lifeMs;
    state = successor(state, times);
  }
  throw new Error("the lease never ends");
}

describe("the clock of a lease across a change of the leader", () => {
  it("goes on where the record left it", () => {
    const { state } = leasedScenario();
    const times = recorded(state, 700);
    assert.deepEqual(
      times.map(({ remainingMs }) => remainingMs),
      [300],
    );
    const second = successor(state, times);
    assert.deepEqual(remainingOf(second), [300]);
    assert.deepEqual(remainingOf(successor(state, recorded(second, 100))), [200]);
  });

  it("has the punctual share left for a lease that was renewed in time", () => {
    const { state } = leasedScenario();
    assert.deepEqual(recorded(state, TTL_MS - PUNCTUAL_MS), []);
    assert.deepEqual(remainingOf(successor(state, [])), [PUNCTUAL_MS]);
  });

  it("ends a dead lease after its time to live and the age of each record, whenever leaders die", () => {
    for (let first = 0; first <= TTL_MS; first += 37) {
      assert.ok(ledMsUntilQueued([first]) <= TTL_MS + RECORD_MS, `the leader dies after ${first} ms`);
      for (let second = 0; second <= TTL_MS; second += 171) {
        const ledMs = ledMsUntilQueued([first, second]);
        assert.ok(ledMs <= TTL_MS + 2 * RECORD_MS, `leaders die after ${first} and ${second} ms: ${ledMs} ms`);
      }
    }
  });

  it("is not taken from the lease before", () => {
    const { state } = leasedScenario();
    const [time] = recorded(state, 900);
    assert.ok(time !== undefined);
    assert.deepEqual(remainingOf(successor(state, [{ ...time, token: time.token - 1 }])), [PUNCTUAL_MS]);
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
