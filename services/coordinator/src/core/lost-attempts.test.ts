// Which lost attempts count, and which trainers are set aside.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { recover } from "./apply.js";
import { STALLED_MAX } from "./decide/lost-attempt.js";
import { checkpointOf, epochOf, RULES, Scenario, specOf, TTL_MS } from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { evolveAll } from "./state/evolve.js";

function fail(scenario: Scenario, lease: LeaseKey, kind: FailureKind, message = "It broke."): void {
  scenario.submit({ type: "fail-trial", lease, kind, message });
}

/** Lets the lease of every trial expire. */
function expire(scenario: Scenario, capacity = 1): void {
  scenario.monotonicMs += TTL_MS;
  scenario.tick(capacity);
}

it("nothing follows the end of a study, not even the return of a trainer that was set aside", () => {
  const scenario = new Scenario(specOf({ maxTrials: 1 }), 2);
  fail(scenario, scenario.lease(scenario.suggest()), "trainer");
  scenario.submit({ type: "stop-study", reason: "enough" });
  const { length } = scenario.events;
  assert.deepEqual([scenario.study.status, scenario.study.setAside.length], ["stopped", 1]);
  scenario.monotonicMs += 2 * RULES.setAsideMs;
  scenario.tick(2);
  assert.equal(scenario.events.length, length);
});

describe("an attempt that is lost", () => {
  it("costs nothing if its trainer was asked to stop, however often", () => {
    const scenario = new Scenario();
    const { id, number } = scenario.suggest();
    for (let time = 0; time < 20; time++) fail(scenario, scenario.lease(scenario.trial(number)), "preempted");
    const { state, attempt, losses } = scenario.trial(number);
    assert.deepEqual([id, state, attempt, losses.counted], ["0", "queued", 21, 0]);
    assert.equal(scenario.study.consecutiveFailures, 0);
  });

  it("costs nothing if it advanced from the checkpoint of its start, by expiry and by a crash", () => {
    for (const lose of [expire, (scenario: Scenario, lease: LeaseKey) => fail(scenario, lease, "interrupted")]) {
      const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 1 }));
      scenario.suggest();
      for (let epoch = 0; epoch < 9; epoch++) {
        const lease = scenario.lease(scenario.trial(0));
        const sha256 = checkpointOf(epoch - 1).sha256;
        if (epoch > 0) scenario.submit({ type: "resume-trial", lease, sha256 });
        scenario.report(lease, epochOf(epoch, 0.5));
        scenario.save(lease, epoch);
        if (lose === expire) expire(scenario);
        else (lose as (scenario: Scenario, lease: LeaseKey) => void)(scenario, lease);
      }
      assert.deepEqual([scenario.trial(0).state, scenario.trial(0).losses.counted], ["queued", 0]);
    }
  });

  it("counts if it resumed and got no further", () => {
    const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 2 }));
    scenario.suggest();
    const first = scenario.lease(scenario.trial(0));
    scenario.report(first, epochOf(0, 0.5));
    scenario.save(first, 0);
    expire(scenario);
    for (const counted of [1, 2]) {
      const lease = scenario.lease(scenario.trial(0));
      scenario.submit({ type: "resume-trial", lease, sha256: checkpointOf(0).sha256 });
      expire(scenario);
      if (counted === 1) assert.equal(scenario.trial(0).losses.counted, 1);
    }
    assert.equal(scenario.trial(0).state, "failed");
  });

  it("counts in the end if the trial dies at the same epoch every time", () => {
    const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 3 }));
    scenario.suggest();
    let attempts = 0;
    for (; scenario.trial(0).state === "queued"; attempts++) {
      assert.ok(attempts < 100, "the trial ends");
      const lease = scenario.lease(scenario.trial(0));
      scenario.report(lease, epochOf(0, 0.5));
      fail(scenario, lease, "interrupted");
    }
    assert.equal(attempts, 1 + STALLED_MAX + 3);
    assert.equal(scenario.trial(0).message, "3 attempts were lost without progress. The last: It broke.");
  });

  it("leaves its reason in the queued trial, and no start", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    expire(scenario);
    const { message, startedAt } = scenario.trial(0);
    assert.deepEqual([message, startedAt], ["Trainer trainer-1 went silent.", undefined]);
    scenario.train(scenario.trial(0), 0.9);
    assert.deepEqual([scenario.trial(0).state, scenario.trial(0).message], ["completed", undefined]);
  });

  it("counts in a log of an earlier version", () => {
    const scenario = new Scenario();
    scenario.lease(scenario.suggest());
    const old: StudyEvent = { type: "trial-requeued", trialId: "0", attempt: 2, reason: "Drained." };
    assert.equal(evolveAll(scenario.study, [old], 0)?.trials[0]?.losses.counted, 1);
  });
});

describe("a trainer that cannot train", () => {
  it("is set aside with its reason, and its trial waits for another trainer at no cost", () => {
    const scenario = new Scenario(specOf(), 2);
    const trial = scenario.suggest();
    fail(scenario, scenario.lease(trial, "trainer-1"), "trainer", "t10k-labels is damaged.");
    assert.deepEqual([scenario.trial(0).state, scenario.trial(0).losses.counted], ["queued", 0]);
    const [aside] = scenario.study.setAside;
    assert.deepEqual([aside?.trainerId, aside?.reason], ["trainer-1", "t10k-labels is damaged."]);
    const ask = { type: "acquire-lease", trialId: "0", attempt: 2, trainerId: "trainer-1" } as const;
    assert.deepEqual(scenario.submit(ask), { kind: "refused", reason: "set-aside" });
    assert.equal(scenario.lease(scenario.trial(0), "trainer-2").attempt, 2);
  });

  it("gets trials again after a time, also after a restart of the coordinator", () => {
    const scenario = new Scenario(specOf(), 2);
    fail(scenario, scenario.lease(scenario.suggest()), "trainer");
    const { state } = recover(scenario.study, scenario.now(), RULES);
    scenario.state = state;
    scenario.monotonicMs += RULES.setAsideMs - 1;
    scenario.tick(2);
    assert.equal(scenario.study.setAside.length, 1);
    scenario.monotonicMs += 1;
    scenario.tick(2);
    assert.deepEqual(scenario.study.setAside, []);
    scenario.lease(scenario.trial(0), "trainer-1");
  });

  it("never fails the study, even if no other trainer is there", () => {
    const scenario = new Scenario(specOf({ maxConsecutiveFailures: 1, maxAttemptsPerTrial: 1 }));
    scenario.suggest();
    for (let time = 0; time < 10; time++) {
      fail(scenario, scenario.lease(scenario.trial(0)), "trainer");
      scenario.monotonicMs += RULES.setAsideMs;
      scenario.tick(1);
    }
    assert.deepEqual([scenario.study.status, scenario.trial(0).state], ["active", "queued"]);
  });

  it("leaves the study at most 100 trainers to remember", () => {
    const scenario = new Scenario(specOf(), 1);
    scenario.suggest();
    for (let number = 0; number < 150; number++) {
      fail(scenario, scenario.lease(scenario.trial(0), `trainer-${number}`), "trainer");
    }
    assert.equal(scenario.study.setAside.length, 100);
    assert.equal(scenario.study.setAside[0]?.trainerId, "trainer-50");
  });

  it("does not count as capacity", () => {
    const scenario = new Scenario(specOf(), 2);
    fail(scenario, scenario.lease(scenario.suggest()), "trainer");
    scenario.takeEffects();
    scenario.tick(2);
    assert.deepEqual(scenario.takeEffects(), [], "the queued trial is enough for the other trainer");
  });
});

describe("an error before the first epoch", () => {
  it("sets a trainer aside that never trained, while another one is there", () => {
    for (const kind of ["error", "interrupted"] as const) {
      const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 1 }), 2);
      fail(scenario, scenario.lease(scenario.suggest(), "trainer-1"), kind);
      assert.deepEqual([scenario.trial(0).state, scenario.trial(0).losses.counted], ["queued", 0]);
      assert.equal(scenario.study.setAside[0]?.trainerId, "trainer-1");
      scenario.report(scenario.lease(scenario.trial(0), "trainer-2"), epochOf(0, 0.5));
      assert.equal(scenario.study.setAside.length, 1, "the other trainer trains the trial");
    }
  });

  it("is the trial's fault if a second trainer meets it, and the first gets trials again", () => {
    const scenario = new Scenario(specOf(), 2);
    fail(scenario, scenario.lease(scenario.suggest(), "trainer-1"), "error");
    fail(scenario, scenario.lease(scenario.trial(0), "trainer-2"), "error");
    assert.equal(scenario.trial(0).state, "failed");
    assert.equal(scenario.study.consecutiveFailures, 1);
    assert.deepEqual(scenario.study.setAside, []);
  });

  it("is the trial's fault if its trainer has trained before, or no other one is there", () => {
    const proven = new Scenario(specOf(), 2);
    proven.complete(0.9);
    assert.equal(proven.fail("error").state, "failed");
    const alone = new Scenario(specOf(), 1);
    assert.equal(alone.fail("error").state, "failed");
  });

  it("ends a study whose trials all fail, with several trainers", () => {
    const scenario = new Scenario(specOf({ maxTrials: 10 }), 3);
    for (let step = 0; scenario.study.status === "active"; step++) {
      assert.ok(step < 20, "the study ends");
      const trial = scenario.study.trials.find(({ state }) => state === "queued") ?? scenario.suggest();
      const aside = scenario.study.setAside.map(({ trainerId }) => trainerId);
      const trainerId = ["trainer-1", "trainer-2", "trainer-3"].find((id) => !aside.includes(id)) ?? "";
      fail(scenario, scenario.lease(trial, trainerId), "error");
    }
    assert.equal(scenario.study.status, "failed");
    assert.match(scenario.study.message ?? "", /3 trials failed in a row/);
  });

  it("fails a trial that kills every trainer before its first epoch", () => {
    const scenario = new Scenario(specOf({ maxAttemptsPerTrial: 3 }), 4);
    scenario.suggest();
    let deaths = 0;
    for (; scenario.trial(0).state === "queued"; deaths++) {
      assert.ok(deaths < 10, "the trial ends");
      fail(scenario, scenario.lease(scenario.trial(0), `restarted-${deaths}`), "interrupted");
    }
    assert.equal(deaths, 4);
  });
});

describe("a resumed study", () => {
  it("records the pause with its next event, and does not count it as active", () => {
    const scenario = new Scenario();
    scenario.suggest();
    const { changedAt } = scenario.study;
    const later = { monotonicMs: 0, wallMs: changedAt + 60_000 };
    const step = recover(scenario.study, later, RULES);
    assert.deepEqual(step.events, [], "the restart alone stores nothing");
    scenario.state = step.state;
    scenario.monotonicMs = 100_000;
    scenario.lease(scenario.trial(0));
    assert.deepEqual(scenario.events.at(-2), { type: "study-continued", since: changedAt + 60_000 });
    assert.equal(scenario.study.interruptedMs, 60_000);
    scenario.fail("infeasible");
    assert.equal(scenario.events.filter(({ type }) => type === "study-continued").length, 1);
  });
});
