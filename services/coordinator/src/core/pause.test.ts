import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recover } from "./apply.js";
import { studyWaiting, trainersOf, trialWaiting } from "./query/waiting.js";
import { wantedTrainers } from "./query/wanted-trainers.js";
import { epochOf, RULES, Scenario, specOf, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const PAUSE = { type: "pause-study", reason: "The machines are needed." } as const;
const RESUME = { type: "resume-study" } as const;

/** Returns a study of two trainers with a running trial and a queued one, which then pauses. */
function pausedStudy() {
  const scenario = new Scenario(specOf({ maxTrials: 4 }), 2);
  const lease = scenario.lease(scenario.suggest());
  scenario.report(lease, epochOf(0, 0.5));
  const queued = scenario.suggest();
  scenario.takeEffects();
  assert.deepEqual(scenario.submit(PAUSE), { kind: "done" });
  return { scenario, lease, queued };
}

function acquire(scenario: Scenario, trialId: string) {
  const { attempt } = scenario.trial(Number(trialId));
  return scenario.submit({ type: "acquire-lease", trialId, attempt, trainerId: "trainer-2" });
}

function typesOf(effects: readonly { readonly type: string }[]): string[] {
  return effects.map(({ type }) => type);
}

describe("a paused study", () => {
  it("withdraws its queued trials, leases none of them, and lets the running one end", () => {
    const { scenario, lease, queued } = pausedStudy();
    assert.deepEqual(scenario.takeEffects(), [{ type: "withdraw-assignment", trialId: "1" }]);
    assert.deepEqual(acquire(scenario, queued.id), { kind: "refused", reason: "study-paused" });
    assert.deepEqual(scenario.report(lease, epochOf(1, 0.6)), { kind: "continue" });
    const end = { type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] } as const;
    assert.deepEqual(scenario.submit(end), { kind: "continue" });
    assert.equal(scenario.trial(0).state, "completed");
  });

  it("asks its oracle for nothing, and drops what the oracle answers late", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }), 2);
    assert.deepEqual(typesOf(scenario.takeEffects()).slice(-1), ["request-suggestions"]);
    scenario.submit(PAUSE);
    const suggestions = [{ values: { stddev: 0.05 }, source: "random" }] as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions });
    scenario.tick(2);
    assert.deepEqual([scenario.study.trials.length, scenario.takeEffects()], [0, []]);
    scenario.submit(RESUME);
    assert.deepEqual(typesOf(scenario.takeEffects()), ["request-suggestions"]);
  });

  it("offers no trial whose attempt is lost, and none again, until it is resumed", () => {
    const { scenario } = pausedStudy();
    scenario.takeEffects();
    scenario.monotonicMs += RULES.republishAfterMs + TTL_MS;
    scenario.tick(2);
    assert.equal(scenario.trial(0).state, "queued");
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.submit(RESUME);
    assert.deepEqual(scenario.takeEffects().slice(0, 2), [
      { type: "publish-assignment", trialId: "0", attempt: 2 },
      { type: "publish-assignment", trialId: "1", attempt: 1 },
    ]);
    assert.equal(acquire(scenario, "1").kind, "granted");
  });

  it("does not end with its last trial, but once it is resumed", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.5));
    scenario.submit(PAUSE);
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.equal(scenario.study.status, "active");
    scenario.submit(RESUME);
    assert.equal(scenario.study.status, "finalizing");
  });

  it("keeps its first pause, and ends the pause when a person stops it", () => {
    const { scenario } = pausedStudy();
    const { pause } = scenario.study;
    assert.equal(pause?.reason, PAUSE.reason);
    scenario.monotonicMs += 5;
    assert.deepEqual(scenario.submit({ ...PAUSE, reason: "Another one." }), { kind: "done" });
    assert.deepEqual(scenario.study.pause, pause);
    scenario.submit({ type: "stop-study", reason: "Enough." });
    assert.deepEqual([scenario.study.status, scenario.study.pause], ["stopped", undefined]);
    const rejection = { code: "STUDY_NOT_ACTIVE", status: "stopped" };
    assert.deepEqual(scenario.submit(PAUSE), { kind: "rejected", rejection });
  });

  it("is the same after a replay, and offers nothing after a restart", () => {
    const { scenario } = pausedStudy();
    const replayed = evolveAll(undefined, scenario.events, scenario.now().wallMs);
    assert.deepEqual(replayed, scenario.study);
    const step = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(
      step.effects.filter(({ type }) => type !== "check-test-data"),
      [{ type: "withdraw-assignment", trialId: "1" }],
    );
  });

  it("wants trainers for its running trials alone", () => {
    const { scenario } = pausedStudy();
    assert.equal(wantedTrainers(scenario.study), 1);
    scenario.submit(RESUME);
    assert.equal(wantedTrainers(scenario.study), 4);
  });

  it("says so where it and its queued trials say what they wait for", () => {
    const { scenario, queued } = pausedStudy();
    const { study, transient } = scenario.state;
    const message =
      "Paused by a person: The machines are needed. " +
      "Trials under way go on, and no other begins. To go on: sintonia resume study";
    assert.deepEqual(studyWaiting(scenario.state), { reason: "paused", message });
    assert.deepEqual(trialWaiting(study, queued, trainersOf({ study, transient })), { reason: "paused", message });
  });
});

it("a study that is not paused ignores a resumption", () => {
  const scenario = new Scenario();
  assert.deepEqual(scenario.submit(RESUME), { kind: "done" });
  assert.deepEqual(
    scenario.events.map(({ type }) => type),
    ["study-created"],
  );
});
