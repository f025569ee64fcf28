import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { studyWaiting, trainersOf, trialWaiting } from "./query/waiting.js";
import { epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";

/** Lets a tick tell which trainers live, and which of them are cordoned. */
function tick(scenario: Scenario, trainerIds: readonly string[], cordonedTrainerIds: readonly string[]) {
  scenario.submit({ type: "tick", capacity: trainerIds.length, trainerIds, cordonedTrainerIds });
}

const wishes = (scenario: Scenario): number =>
  scenario.takeEffects().filter(({ type }) => type === "request-suggestions").length;

describe("a cordoned trainer", () => {
  it("gets no lease, also as the only one, and another trainer gets it", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }), 2);
    const { id: trialId, attempt } = scenario.suggest();
    const acquire = { type: "acquire-lease", trialId, attempt } as const;
    const refused = scenario.submit({ ...acquire, trainerId: "trainer-1", isCordoned: true });
    assert.deepEqual(refused, { kind: "refused", reason: "cordoned" });
    assert.equal(scenario.submit({ ...acquire, trainerId: "trainer-2" }).kind, "granted");
  });

  it("keeps the lease that it has when it asks again", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest();
    const { token } = scenario.lease(trial);
    const { id: trialId, attempt } = trial;
    const answer = scenario.submit({
      type: "acquire-lease",
      trialId,
      attempt,
      trainerId: "trainer-1",
      isCordoned: true,
    });
    assert.equal(answer.kind === "granted" ? answer.lease.token : answer.kind, token);
  });

  it("counts for no further trial, and its present one takes no place of another trainer", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }), 1);
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.5));
    scenario.takeEffects();
    tick(scenario, ["trainer-2"], ["trainer-1"]);
    assert.equal(wishes(scenario), 1);
    scenario.lease(scenario.suggest(), "trainer-2");
    assert.equal(wishes(scenario), 0);
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    tick(scenario, ["trainer-2"], ["trainer-1"]);
    assert.equal(wishes(scenario), 0);
    tick(scenario, ["trainer-2", "trainer-1"], []);
    assert.equal(wishes(scenario), 1);
  });

  it("is the reason why a study and its queued trials wait, with the way out", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }), 1);
    const trial = scenario.suggest();
    tick(scenario, [], ["trainer-1"]);
    const advice = "To give one trials again: sintonia uncordon TRAINER; sintonia trainers lists them.";
    const { study, transient } = scenario.state;
    const trainers = { live: 1, cordoned: 1, unfit: 0, usable: 0, busy: 0 };
    const wait = { reason: "trainers-cordoned", message: `The only trainer is cordoned. ${advice}`, trainers };
    assert.deepEqual(studyWaiting(scenario.state), wait);
    assert.deepEqual(trialWaiting(study, trial, trainersOf({ study, transient })), wait);
  });

  it("stands beside those that the study has set aside", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }), 2);
    const lease = scenario.lease(scenario.suggest(), "trainer-2");
    scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "No data." });
    tick(scenario, ["trainer-2"], ["trainer-1"]);
    assert.match(
      studyWaiting(scenario.state)?.message ?? "",
      /^All 2 trainers are cordoned \(1\) or set aside \(1\)\./,
    );
  });
});
