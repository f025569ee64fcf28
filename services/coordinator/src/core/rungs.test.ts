// Trials that wait at a rung of asha for their promotion.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { checkpointOf, epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";

const ASHA: PrunerSettings = { type: "asha", minEpochs: 1, reductionFactor: 2 };
const CURVE: PrunerSettings = { type: "curve", risk: 0.01 };

/**
 * Returns a study whose trials of at most 3 epochs have a rung after 1 epoch, and with asha one
 * after 2 epochs.
 */
function studyOf(maxTrials: number, capacity = 1, pruner = ASHA): Scenario {
  const spec = specOf({ maxTrials });
  const training = { ...(spec.training as object), maxEpochs: 3 };
  return new Scenario({ ...spec, training, pruner }, capacity);
}

/** Begins a new trial, which reports its first epoch. */
function begin(scenario: Scenario, objective: number, trainerId = "trainer-1"): { lease: LeaseKey; answer: string } {
  const lease = scenario.lease(scenario.suggest(), trainerId);
  return { lease, answer: scenario.report(lease, epochOf(0, objective)).kind };
}

/** Saves a checkpoint of the first epoch and hands the trial back, as trainers do after "pause". */
function handBack(scenario: Scenario, lease: LeaseKey): void {
  scenario.save(lease, 0);
  scenario.submit({ type: "fail-trial", lease, kind: "preempted", message: "It waits." });
}

function statesOf({ study }: Scenario): string {
  return study.trials.map(({ state }) => state).join(" ");
}

describe("a study with rungs", () => {
  it("tells a trial that is not among the best to pause, also when the report is repeated", () => {
    const scenario = studyOf(3);
    const { lease, answer } = begin(scenario, 0.5);
    assert.equal(answer, "pause");
    assert.equal(scenario.report(lease, epochOf(0, 0.5)).kind, "pause");
    assert.equal(scenario.trial(0).state, "running");
  });

  it("pauses a trial that was handed back, and gives its place to a new one", () => {
    const scenario = studyOf(3);
    handBack(scenario, begin(scenario, 0.5).lease);
    const { state, evidence, checkpoints, measurements } = scenario.trial(0);
    assert.deepEqual([state, evidence?.pruner, evidence?.epoch], ["paused", "asha", 0]);
    assert.deepEqual([checkpoints.length, measurements.length], [1, 1]);
    assert.equal(scenario.study.outstandingCount, 0);
    assert.equal(scenario.effects.at(-1)?.type, "request-suggestions");
  });

  it("lets a trial that is among the best go on at once, and marks the promotion", () => {
    const scenario = studyOf(3);
    handBack(scenario, begin(scenario, 0.5).lease);
    const { lease, answer } = begin(scenario, 0.6);
    assert.deepEqual([answer, scenario.trial(1).promotedFrom], ["continue", 1]);
    assert.equal(scenario.report(lease, epochOf(0, 0.6)).kind, "continue");
    assert.equal(scenario.events.filter(({ type }) => type === "trial-promoted").length, 1);
  });

  it("promotes the best paused trial before it begins a new one", () => {
    const scenario = studyOf(4, 2);
    const first = begin(scenario, 0.6, "trainer-1");
    const second = begin(scenario, 0.5, "trainer-2");
    handBack(scenario, second.lease);
    handBack(scenario, first.lease);
    assert.equal(statesOf(scenario), "queued paused");
    const { attempt, promotedFrom, evidence, checkpoints } = scenario.trial(0);
    assert.deepEqual([attempt, promotedFrom, evidence, checkpoints.length], [2, 1, undefined, 1]);
    const published = scenario.effects.filter(({ type }) => type === "publish-assignment").at(-1);
    assert.deepEqual(published, { type: "publish-assignment", trialId: "0", attempt: 2 });
  });

  it("resumes a promoted trial from its checkpoint, without a second verdict at the rung", () => {
    const scenario = studyOf(4, 2);
    const first = begin(scenario, 0.6, "trainer-1");
    handBack(scenario, begin(scenario, 0.5, "trainer-2").lease);
    handBack(scenario, first.lease);
    const lease = scenario.lease(scenario.trial(0), "trainer-2");
    scenario.submit({ type: "resume-trial", lease, sha256: checkpointOf(0).sha256 });
    scenario.submit({ type: "fail-trial", lease, kind: "preempted", message: "Drained." });
    assert.equal(scenario.trial(0).state, "queued");
  });

  it("queues a trial again whose trainer dies before it hands the trial back", () => {
    const scenario = studyOf(3);
    begin(scenario, 0.5);
    scenario.monotonicMs += 2_000;
    scenario.tick();
    assert.deepEqual([scenario.trial(0).state, scenario.trial(0).attempt], ["queued", 2]);
    const again = scenario.lease(scenario.trial(0));
    assert.equal(scenario.report(again, epochOf(0, 0.5)).kind, "pause");
  });

  it("lets a trial go on that would be the next to be promoted", () => {
    const scenario = studyOf(1);
    const { lease, answer } = begin(scenario, 0.5);
    assert.deepEqual([answer, scenario.report(lease, epochOf(1, 0.6)).kind], ["continue", "continue"]);
    assert.equal(scenario.trial(0).promotedFrom, 2);
  });

  it("lets a trial wait as long as another one is under way, also when no further one can begin", () => {
    const scenario = studyOf(2, 2);
    const first = scenario.lease(scenario.suggest(), "trainer-1");
    scenario.lease(scenario.suggest(), "trainer-2");
    assert.equal(scenario.report(first, epochOf(0, 0.6)).kind, "pause");
    handBack(scenario, first);
    assert.equal(statesOf(scenario), "paused leased");
  });

  it("promotes at least one trial in the end, and prunes the others", () => {
    const scenario = studyOf(3, 3);
    const leases = [0.6, 0.5, 0.4].map((objective, i) => begin(scenario, objective, `trainer-${i + 1}`).lease);
    for (const lease of leases) handBack(scenario, lease);
    assert.equal(statesOf(scenario), "queued paused paused");
    const lease = scenario.lease(scenario.trial(0));
    scenario.submit({ type: "resume-trial", lease, sha256: checkpointOf(0).sha256 });
    assert.equal(scenario.report(lease, epochOf(1, 0.6)).kind, "continue");
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual([statesOf(scenario), scenario.study.status], ["completed pruned pruned", "finalizing"]);
  });

  it("prunes the trials that still wait when the search ends, with their evidence", () => {
    const scenario = studyOf(2);
    handBack(scenario, begin(scenario, 0.5).lease);
    const { lease } = begin(scenario, 0.6);
    scenario.report(lease, epochOf(1, 0.6));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual([statesOf(scenario), scenario.study.status], ["pruned completed", "finalizing"]);
    assert.match(scenario.trial(0).message ?? "", /val_accuracy, 0\.5/);
    assert.ok(scenario.effects.some((effect) => effect.type === "delete-checkpoint"));
  });

  it("begins every trial of a race before the best one goes on", () => {
    const scenario = studyOf(3, 1, CURVE);
    for (const objective of [0.5, 0.6, 0.4]) {
      const { lease, answer } = begin(scenario, objective);
      assert.equal(answer, "pause");
      handBack(scenario, lease);
    }
    assert.equal(statesOf(scenario), "paused queued paused");
    const lease = scenario.lease(scenario.trial(1));
    scenario.submit({ type: "resume-trial", lease, sha256: checkpointOf(0).sha256 });
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual([statesOf(scenario), scenario.study.status], ["pruned completed pruned", "finalizing"]);
    assert.match(
      scenario.trial(2).message ?? "",
      /about 0\.4; with 3 trials at this rung, the limit to go on was 0\.6/,
    );
  });

  it("lets the last trial of a race go on at once if it is the best", () => {
    const scenario = studyOf(2, 1, CURVE);
    handBack(scenario, begin(scenario, 0.5).lease);
    assert.deepEqual([begin(scenario, 0.6).answer, scenario.trial(1).promotedFrom], ["continue", 1]);
  });

  it("promotes nothing in a pause, and goes on when it is resumed", () => {
    const scenario = studyOf(2);
    handBack(scenario, begin(scenario, 0.5).lease);
    const { lease } = begin(scenario, 0.4);
    scenario.submit({ type: "pause-study", reason: "The machines are needed." });
    handBack(scenario, lease);
    assert.equal(statesOf(scenario), "paused paused");
    scenario.submit({ type: "resume-study" });
    assert.equal(statesOf(scenario), "queued paused");
  });

  it("cancels a paused trial at a person's request, and all when the study is stopped", () => {
    const cancelled = studyOf(3);
    handBack(cancelled, begin(cancelled, 0.5).lease);
    cancelled.submit({ type: "cancel-trial", trialId: "0", reason: "Too slow." });
    assert.equal(cancelled.trial(0).state, "cancelled");
    const stopped = studyOf(3);
    handBack(stopped, begin(stopped, 0.5).lease);
    stopped.submit({ type: "stop-study", reason: "Enough." });
    assert.equal(stopped.trial(0).state, "cancelled");
  });
});
