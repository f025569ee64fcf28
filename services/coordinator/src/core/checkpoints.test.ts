import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { InvariantError } from "@sintonia/runtime/errors";
import { checkpointOf, epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { evolve, evolveAll } from "./state/evolve.js";

/** Returns a trial in training with a number of reported and saved epochs. Clears the effects. */
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

/** Leases the trial's next attempt. */
function interrupted({ scenario, lease }: { scenario: Scenario; lease: LeaseKey }): LeaseKey {
  scenario.submit({ type: "fail-trial", lease, kind: "interrupted", message: "Drained." });
  return scenario.lease(scenario.trial(0), "trainer-2");
}

function resume(scenario: Scenario, lease: LeaseKey, number: number) {
  return scenario.submit({ type: "resume-trial", lease, sha256: checkpointOf(number).sha256 });
}

function namesOf(scenario: Scenario): string[] {
  return scenario.trial(0).checkpoints.map(({ artifact }) => artifact.sha256);
}

function deletion(number: number) {
  return { type: "delete-checkpoint", sha256: checkpointOf(number).sha256 } as const;
}

describe("checkpoints of a trial", () => {
  it("are the two newest; older ones are deleted", () => {
    const { scenario, lease } = trainedFor(2);
    scenario.report(lease, epochOf(2, 0.2));
    assert.deepEqual(scenario.takeEffects(), []);
    scenario.save(lease, 2);
    assert.deepEqual(namesOf(scenario), [checkpointOf(2).sha256, checkpointOf(1).sha256]);
    assert.deepEqual(scenario.takeEffects(), [deletion(0)]);
  });

  it("do not change when a save is repeated or late", () => {
    const { scenario, lease } = trainedFor(3);
    const before = JSON.stringify(scenario.study);
    for (const epoch of [2, 1, 0]) assert.deepEqual(scenario.save(lease, epoch), { kind: "continue" });
    assert.deepEqual(scenario.save(lease, 2, 7), { kind: "continue" });
    assert.equal(JSON.stringify(scenario.study), before);
    assert.deepEqual(scenario.takeEffects(), []);
  });

  it("cannot cover an unreported epoch", () => {
    const { scenario, lease } = trainedFor(1);
    const rejection = { code: "EPOCH_UNREPORTED", execution: 0, epoch: 1 };
    assert.deepEqual(scenario.save(lease, 1), { kind: "rejected", rejection });
  });

  it("are refused from a trainer that lost its lease", () => {
    const { scenario, lease } = trainedFor(1);
    const second = interrupted({ scenario, lease });
    resume(scenario, second, 0);
    scenario.report(second, epochOf(1, 0.1));
    assert.deepEqual(scenario.save(lease, 1), { kind: "lease-lost" });
    assert.deepEqual(namesOf(scenario), [checkpointOf(0).sha256]);
  });

  it("are deleted at every end of the trial, and not before", () => {
    const ends: readonly ((scenario: Scenario, lease: LeaseKey) => void)[] = [
      (scenario, lease) => scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] }),
      (scenario, lease) => scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." }),
      (scenario, lease) => scenario.submit({ type: "fail-trial", lease, kind: "infeasible", message: "NaN." }),
      (scenario) => scenario.submit({ type: "stop-study", reason: "enough" }),
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

  it("are deleted when the trial loses its last attempt", () => {
    const trained = trainedFor(1, specOf({ maxAttemptsPerTrial: 1 }));
    const { scenario, lease } = trained;
    scenario.submit({ type: "fail-trial", lease, kind: "interrupted", message: "It died." });
    const second = scenario.lease(scenario.trial(0));
    scenario.takeEffects();
    scenario.submit({ type: "fail-trial", lease: second, kind: "interrupted", message: "It died." });
    assert.equal(scenario.trial(0).state, "failed");
    assert.deepEqual(scenario.takeEffects()[0], deletion(0));
  });
});

describe("an attempt that resumes from a checkpoint", () => {
  it("keeps the covered epochs and reports the following ones", () => {
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

  it("may complete at once, with an objective from the covered epochs", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    const lease = interrupted(trained);
    resume(scenario, lease, 2);
    const completed = scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual(completed, { kind: "continue" });
    assert.equal(scenario.trial(0).objective, 0.2);
  });

  it("drops a newer checkpoint that the trainer could not use", () => {
    const trained = trainedFor(3);
    const { scenario } = trained;
    const lease = interrupted(trained);
    scenario.takeEffects();
    resume(scenario, lease, 1);
    assert.deepEqual(namesOf(scenario), [checkpointOf(1).sha256]);
    assert.deepEqual(scenario.takeEffects(), [deletion(2)]);
  });

  it("resumes from the newest checkpoint after every loss", () => {
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
      scenario
        .trial(0)
        .measurements.slice()
        .map(({ epoch }) => epoch),
      [0, 1, 2, 3, 4],
    );
    assert.equal(scenario.trial(0).attempt, 5);
  });

  it("drops all checkpoints if it starts from the first epoch instead", () => {
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

  it("refuses to replay an impossible checkpoint", () => {
    const { scenario } = trainedFor(1);
    const impossible: readonly StudyEvent[] = [
      { type: "checkpoint-saved", trialId: "0", artifact: checkpointOf(9), execution: 0, epoch: 1 },
      { type: "trial-resumed", trialId: "0", sha256: checkpointOf(9).sha256, execution: 0, epoch: 0 },
    ];
    for (const event of impossible) assert.throws(() => evolve(scenario.study, event, 0), InvariantError, event.type);
  });
});

describe("the objective of a trial with kept epochs", () => {
  function completeWith(keptEpochs: readonly number[]) {
    const { scenario, lease } = trainedFor(3);
    const answer = scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs });
    return { answer, objective: scenario.trial(0).objective };
  }

  it("comes from the kept epochs, not from the best", () => {
    assert.equal(completeWith([1]).objective, 0.1);
    assert.equal(completeWith([]).objective, 0.2);
  });

  it("is missing if a kept epoch is unreported", () => {
    const rejection = { code: "EXECUTIONS_MISSING", executions: 1 };
    assert.deepEqual(completeWith([3]), { answer: { kind: "rejected", rejection }, objective: undefined });
  });
});
