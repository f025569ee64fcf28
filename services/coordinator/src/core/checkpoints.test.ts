import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { InvariantError } from "@sintonia/runtime/errors";
import { checkpointOf, epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { evolve, evolveAll } from "./state/evolve.js";

/** A trial in training that has reported and saved so many epochs, with the effects forgotten. */
function trainedFor(epochs: number, spec = specOf()): { scenario: Scenario; lease: LeaseKey } {
  const scenario = new Scenario(spec);
  const lease = scenario.lease(scenario.suggest());
  for (let epoch = 0; epoch < epochs; epoch++) {
    scenario.report(lease, epochOf(epoch, epoch / 10));
    assert.deepEqual(scenario.save(lease, epoch), { kind: "continue" });
  }
  scenario.takeEffects();
  return { scenario, lease };
}

/** The trial's next attempt, leased. */
function interrupted({ scenario, lease }: { scenario: Scenario; lease: LeaseKey }): LeaseKey {
  scenario.say({ type: "fail-trial", lease, kind: "interrupted", message: "Drained." });
  return scenario.lease(scenario.trial(0), "trainer-2");
}

function resume(scenario: Scenario, lease: LeaseKey, number: number) {
  return scenario.say({ type: "resume-trial", lease, sha256: checkpointOf(number).sha256 });
}

function namesOf(scenario: Scenario): string[] {
  return scenario.trial(0).checkpoints.map(({ artifact }) => artifact.sha256);
}

function deletion(number: number) {
  return { type: "delete-checkpoint", sha256: checkpointOf(number).sha256 } as const;
}

describe("checkpoints of a trial", () => {
  it("are the two newest, and what they replace is deleted", () => {
    const { scenario, lease } = trainedFor(2);
    scenario.report(lease, epochOf(2, 0.2));
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.save(lease, 2);
    assert.deepEqual(namesOf(scenario), [checkpointOf(2).sha256, checkpointOf(1).sha256]);
    assert.deepEqual(scenario.takeEffects(), [deletion(0)]);
  });

  it("stay as they are when a save is repeated, or comes late", () => {
    const { scenario, lease } = trainedFor(3);
    const before = JSON.stringify(scenario.study);
    for (const epoch of [2, 1, 0]) assert.deepEqual(scenario.save(lease, epoch), { kind: "continue" });
    assert.deepEqual(scenario.save(lease, 2, 7), { kind: "continue" });
    assert.equal(JSON.stringify(scenario.study), before);
    assert.deepEqual(scenario.takeEffects(), []);
  });

  it("never cover an epoch that was not reported", () => {
    const { scenario, lease } = trainedFor(1);
    const rejection = { code: "EPOCH_UNREPORTED", execution: 0, epoch: 1 };
    assert.deepEqual(scenario.save(lease, 1), { kind: "rejected", rejection });
  });

  it("are not taken from a trainer whose lease is lost", () => {
    const { scenario, lease } = trainedFor(1);
    const second = interrupted({ scenario, lease });
    resume(scenario, second, 0);
    scenario.report(second, epochOf(1, 0.1));
    assert.deepEqual(scenario.save(lease, 1), { kind: "lease-lost" });
    assert.deepEqual(namesOf(scenario), [checkpointOf(0).sha256]);
  });

  it("are deleted with every end of the trial, and only then", () => {
    const ends: readonly ((scenario: Scenario, lease: LeaseKey) => void)[] = [
      (scenario, lease) => scenario.say({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] }),
      (scenario, lease) => scenario.say({ type: "fail-trial", lease, kind: "error", message: "It broke." }),
      (scenario, lease) => scenario.say({ type: "fail-trial", lease, kind: "infeasible", message: "NaN." }),
      (scenario) => scenario.say({ type: "stop-study", reason: "enough" }),
    ];
    for (const end of ends) {
      const { scenario, lease } = trainedFor(2);
      end(scenario, lease);
      const deletions = scenario.takeEffects().filter(({ type }) => type === "delete-checkpoint");
      assert.deepEqual(deletions, [deletion(1), deletion(0)]);
    }
    const kept = trainedFor(2);
    interrupted(kept);
    assert.ok(kept.scenario.takeEffects().every(({ type }) => type !== "delete-checkpoint"));
  });

  it("are deleted with their trial when it has lost its last attempt", () => {
    const { scenario, lease } = trainedFor(1, specOf({ maxAttemptsPerTrial: 1 }));
    scenario.say({ type: "fail-trial", lease, kind: "interrupted", message: "Drained." });
    assert.equal(scenario.trial(0).state, "failed");
    assert.deepEqual(scenario.takeEffects()[0], deletion(0));
  });
});

describe("an attempt that goes on from a checkpoint", () => {
  it("keeps the epochs that the checkpoint covers and reports those after them", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    scenario.report(trained.lease, epochOf(3, 0.3));
    const lease = interrupted(trained);
    assert.deepEqual(scenario.trial(0).measurements, []);
    assert.deepEqual(resume(scenario, lease, 2), { kind: "continue" });
    assert.deepEqual(
      scenario.trial(0).measurements,
      [0, 1, 2].map((epoch) => epochOf(epoch, epoch / 10)),
    );
    assert.equal(scenario.trial(0).state, "running");
    const again = scenario.report(lease, epochOf(4, 0.4));
    assert.equal(again.kind, "rejected", "epoch 3 is not covered");
    assert.deepEqual(scenario.report(lease, epochOf(3, 0.3)), { kind: "continue" });
    assert.deepEqual(scenario.events.at(-2), {
      type: "trial-resumed",
      trialId: "0",
      sha256: checkpointOf(2).sha256,
      execution: 0,
      epoch: 2,
    });
  });

  it("may complete at once, with the objective that the covered epochs give", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    const lease = interrupted(trained);
    resume(scenario, lease, 2);
    const completed = scenario.say({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual(completed, { kind: "continue" });
    assert.equal(scenario.trial(0).objective, 0.2);
  });

  it("gives up a better checkpoint that was of no use", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    const lease = interrupted(trained);
    scenario.takeEffects();
    resume(scenario, lease, 1);
    assert.deepEqual(namesOf(scenario), [checkpointOf(1).sha256]);
    assert.deepEqual(scenario.takeEffects(), [deletion(2)]);
  });

  it("can be lost again and again, and goes on from the newest checkpoint each time", () => {
    const trained = trainedFor(1, specOf({ maxAttemptsPerTrial: 9 }));
    const { scenario } = trained;
    let { lease } = trained;
    for (let epoch = 1; epoch < 5; epoch++) {
      lease = interrupted({ scenario, lease });
      assert.deepEqual(resume(scenario, lease, epoch - 1), { kind: "continue" });
      assert.deepEqual(resume(scenario, lease, epoch - 1), { kind: "continue" }, "a repeat");
      scenario.report(lease, epochOf(epoch, epoch / 10));
      scenario.save(lease, epoch);
    }
    assert.deepEqual(
      scenario.trial(0).measurements.map(({ epoch }) => epoch),
      [0, 1, 2, 3, 4],
    );
    assert.equal(scenario.trial(0).attempt, 5);
  });

  it("that begins with the first epoch instead gives all checkpoints up", () => {
    const trained = trainedFor(2);
    const { scenario } = trained;
    const lease = interrupted(trained);
    scenario.takeEffects();
    assert.deepEqual(scenario.report(lease, epochOf(0, 0)), { kind: "continue" });
    assert.deepEqual(namesOf(scenario), []);
    assert.deepEqual(scenario.takeEffects(), [deletion(1), deletion(0)]);
    assert.equal(resume(scenario, lease, 1).kind, "rejected");
    assert.deepEqual(scenario.save(lease, 0), { kind: "continue" });
    assert.equal(scenario.trial(0).measurements.length, 1);
  });
});

describe("the log of a trial with checkpoints", () => {
  it("replays to the same study", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    resume(scenario, interrupted(trained), 1);
    const at = scenario.now().wallMs;
    assert.deepEqual(evolveAll(undefined, scenario.events, at), scenario.study);
  });

  it("stops a replay at a checkpoint that cannot have been", () => {
    const { scenario } = trainedFor(1);
    const impossible: readonly StudyEvent[] = [
      { type: "checkpoint-saved", trialId: "0", artifact: checkpointOf(9), execution: 0, epoch: 1 },
      { type: "trial-resumed", trialId: "0", sha256: checkpointOf(9).sha256, execution: 0, epoch: 0 },
    ];
    for (const event of impossible) assert.throws(() => evolve(scenario.study, event, 0), InvariantError, event.type);
  });
});

describe("the objective of a trial that names the epochs it kept", () => {
  function completeWith(keptEpochs: readonly number[]) {
    const { scenario, lease } = trainedFor(3);
    const answer = scenario.say({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs });
    return { answer, objective: scenario.trial(0).objective };
  }

  it("is theirs, not the best", () => {
    assert.equal(completeWith([1]).objective, 0.1);
    assert.equal(completeWith([]).objective, 0.2);
  });

  it("is none if a kept epoch was not reported", () => {
    const rejection = { code: "EXECUTIONS_MISSING", executions: 1 };
    assert.deepEqual(completeWith([3]), { answer: { kind: "rejected", rejection }, objective: undefined });
  });
});
