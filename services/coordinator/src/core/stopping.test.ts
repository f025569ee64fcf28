import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wantedTrainers } from "./query/wanted-trainers.js";
import { epochOf, Scenario, specOf, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const STOP = { type: "stop-study", reason: "Enough.", afterRunning: true } as const;

/** Returns a study of two trainers with a running trial and a queued one, which then stops. */
function stoppingStudy() {
  const scenario = new Scenario(specOf({ maxTrials: 4 }), 2);
  const lease = scenario.lease(scenario.suggest());
  scenario.report(lease, epochOf(0, 0.5));
  scenario.suggest();
  scenario.takeEffects();
  assert.deepEqual(scenario.submit(STOP), { kind: "done" });
  return { scenario, lease };
}

describe("a study that stops after its running trials", () => {
  it("cancels queued trials, begins no other, and is finalized with the last one", () => {
    const { scenario, lease } = stoppingStudy();
    assert.deepEqual(scenario.takeEffects(), [{ type: "withdraw-assignment", trialId: "1" }]);
    assert.deepEqual([scenario.trial(1).state, wantedTrainers(scenario.study)], ["cancelled", 1]);
    const suggestions = [{ values: { stddev: 0.05 }, source: "random" }] as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 2, basis: 1, suggestions });
    scenario.tick(2);
    assert.deepEqual([scenario.study.trials.length, scenario.takeEffects()], [2, []]);
    scenario.report(lease, epochOf(1, 0.6));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    const { status, ending, message, stopping } = scenario.study;
    assert.deepEqual([status, ending, message, stopping], ["finalizing", "stopped", "Enough.", undefined]);
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "select-best" });
  });

  it("gives a lost attempt of a running trial a further one", () => {
    const { scenario } = stoppingStudy();
    scenario.takeEffects();
    scenario.monotonicMs += TTL_MS;
    scenario.tick(2);
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "0", attempt: 2 }]);
    scenario.train(scenario.trial(0), 0.8);
    assert.equal(scenario.study.status, "finalizing");
  });

  it("keeps its first reason, takes no point, and can be stopped at once", () => {
    const { scenario } = stoppingStudy();
    const { stopping } = scenario.study;
    assert.deepEqual(scenario.submit({ ...STOP, reason: "Another one." }), { kind: "done" });
    assert.deepEqual(scenario.study.stopping, stopping);
    const enqueue = { type: "enqueue-trial", values: { stddev: 0.07 } } as const;
    assert.deepEqual(scenario.submit(enqueue), { kind: "rejected", rejection: { code: "STUDY_STOPPING" } });
    scenario.submit({ type: "stop-study", reason: "Now." });
    const { status, message } = scenario.study;
    assert.deepEqual([scenario.trial(0).state, status, message], ["cancelled", "stopped", "Now."]);
  });

  it("ends at once if no trial runs, and also out of a pause", () => {
    const scenario = new Scenario();
    scenario.complete(0.9);
    scenario.submit({ type: "pause-study", reason: "Later." });
    scenario.submit(STOP);
    assert.deepEqual([scenario.study.status, scenario.study.pause], ["finalizing", undefined]);
    const events = scenario.events.length;
    assert.deepEqual(scenario.submit(STOP), { kind: "done" });
    assert.equal(scenario.events.length, events, "a study that is not active ignores the call");
  });

  it("executes no contender again", () => {
    const spec = { ...specOf({ maxTrials: 2 }), selection: { rule: "replicate", top: 2, executions: 2 } as const };
    const scenario = new Scenario(spec);
    for (const objective of [0.8, 0.9]) scenario.complete(objective);
    scenario.contend("1", "0");
    const lease = scenario.lease(scenario.trial(2));
    scenario.report(lease, epochOf(0, 0.7));
    scenario.submit(STOP);
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual([scenario.study.status, scenario.study.trials.length], ["finalizing", 3]);
  });

  it("is the same after a replay", () => {
    const { scenario } = stoppingStudy();
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs), scenario.study);
  });
});
