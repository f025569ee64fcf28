import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { suggestionRequest } from "./query/oracle-request.js";
import { epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const cancel = (trialId: string, reason = "It is too slow.") => ({ type: "cancel-trial", trialId, reason }) as const;

/** Returns a study with a running trial, which has a checkpoint, and a queued one. */
function twoTrials() {
  const scenario = new Scenario(specOf({ maxTrials: 3 }), 2);
  const lease = scenario.lease(scenario.suggest(0.02));
  scenario.report(lease, epochOf(0, 0.5));
  scenario.save(lease, 0);
  const queued = scenario.suggest(0.03);
  scenario.takeEffects();
  return { scenario, lease, queued };
}

describe("a cancelled trial", () => {
  it("that was queued is withdrawn, and the study asks for the next one", () => {
    const { scenario, queued } = twoTrials();
    assert.deepEqual(scenario.submit(cancel(queued.id)), { kind: "done" });
    assert.deepEqual([scenario.trial(1).state, scenario.trial(1).message], ["cancelled", "It is too slow."]);
    const basis = scenario.study.eventCount;
    assert.deepEqual(scenario.takeEffects(), [
      { type: "withdraw-assignment", trialId: "1" },
      { type: "request-suggestions", trialNumber: 2, basis, count: 1 },
    ]);
    const acquire = { type: "acquire-lease", trialId: "1", attempt: 1, trainerId: "trainer-2" } as const;
    assert.deepEqual(scenario.submit(acquire), { kind: "refused", reason: "trial-settled" });
  });

  it("that was running stops its trainer, and its checkpoints are deleted", () => {
    const { scenario, lease } = twoTrials();
    scenario.submit(cancel("0"));
    assert.deepEqual(scenario.takeEffects()[0]?.type, "delete-checkpoint");
    assert.deepEqual(scenario.submit({ type: "heartbeat", lease }), { kind: "stop" });
    assert.deepEqual(scenario.report(lease, epochOf(1, 0.6)), { kind: "stop" });
    const end = { type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] } as const;
    assert.deepEqual(scenario.submit(end), { kind: "stop" });
    assert.equal(scenario.trial(0).state, "cancelled");
    assert.equal(scenario.state.transient.deadlines.size, 0);
  });

  it("keeps its first reason", () => {
    const { scenario } = twoTrials();
    scenario.submit(cancel("0"));
    const events = scenario.events.length;
    assert.deepEqual(scenario.submit(cancel("0", "Another one.")), { kind: "done" });
    assert.deepEqual([scenario.events.length, scenario.trial(0).message], [events, "It is too slow."]);
  });

  it("counts in the budget and not among the failures, and lets the study complete", () => {
    const scenario = new Scenario(specOf({ maxTrials: 3, maxConsecutiveFailures: 1 }));
    for (const number of [0, 1]) scenario.submit(cancel(scenario.suggest(0.02 + number / 100).id));
    scenario.complete(0.9);
    assert.deepEqual([scenario.study.status, scenario.study.trials.length], ["finalizing", 3]);
  });

  it("tells the oracle nothing about its values, which are not to be proposed again", () => {
    const { scenario } = twoTrials();
    scenario.submit(cancel("0"));
    const { pending, failed, infeasible, completed } = suggestionRequest(scenario.study, 2);
    assert.deepEqual([pending, failed, infeasible, completed], [[{ stddev: 0.02 }, { stddev: 0.03 }], [], [], []]);
  });

  it("is the same after a replay", () => {
    const { scenario } = twoTrials();
    scenario.submit(cancel("0"));
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs), scenario.study);
  });
});

it("no trial that the study does not have is cancelled", () => {
  const rejection = { code: "TRIAL_UNKNOWN", trialId: "7" };
  assert.deepEqual(new Scenario().submit(cancel("7")), { kind: "rejected", rejection });
});
