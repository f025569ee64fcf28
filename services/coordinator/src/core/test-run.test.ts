import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { apply, recover } from "./apply.js";
import { expectedTrials } from "./query/replicates.js";
import { trialPlan } from "./query/trial-plan.js";
import { checkpointOf, epochOf, RULES, Scenario, selectionOf, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";
import type { Study, Trial } from "./state/study.js";
import { figuresOf, testedScenario, testedStudy } from "./test-run.fixture.js";

const LEFT = { ...WEIGHTS, sha256: sha256Of("cd".repeat(32)) };

describe("the test run of a program's study", () => {
  let scenario: Scenario;

  const study = (): Study => scenario.study;
  function testRun(): Trial {
    const run = study().testRun;
    assert.ok(run !== undefined);
    return run;
  }

  beforeEach(() => {
    scenario = testedScenario();
  });

  it("follows the choice of the best trial, with its values and files, and is none of the trials", () => {
    assert.equal(study().status, "finalizing");
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "test", attempt: 1 }]);
    const { tests, values, state } = testRun();
    assert.deepEqual([tests, values, state], ["1", study().trials[1]?.values, "queued"]);
    assert.deepEqual([study().trials.length, expectedTrials(study())], [2, 2]);
    const planned = trialPlan(study(), testRun());
    assert.ok(planned.ok && "program" in planned.plan);
    assert.deepEqual(planned.plan.program.command, ["measure", "--stddev=0.05"]);
    assert.equal("test" in planned.plan.program, false);
    const { sha256, sizeBytes } = WEIGHTS;
    assert.deepEqual(planned.plan.tests, { trialId: "1", artifacts: { sha256, sizeBytes } });
  });

  it("ends the study with every metric that it reported, and the files of the best trial and of the test", () => {
    const lease = scenario.lease(testRun());
    assert.deepEqual(scenario.report(lease, figuresOf(0, { test_accuracy: 0.5, test_loss: 0.3 })), {
      kind: "continue",
    });
    scenario.report(lease, figuresOf(1, { test_accuracy: 0.88 }));
    const complete = { type: "complete-trial", lease, weights: LEFT, keptEpochs: [1] } as const;
    assert.deepEqual(scenario.submit(complete), { kind: "continue" });
    assert.deepEqual(study().testMetrics, { test_accuracy: 0.88, test_loss: 0.3 });
    assert.deepEqual([study().status, study().message, testRun().state], ["completed", undefined, "completed"]);
    assert.deepEqual(
      study().models,
      [WEIGHTS, LEFT].map((artifact) => ({ ...artifact, kind: "program-files" })),
    );
    assert.deepEqual(testRun().weights, LEFT);
    const events = scenario.events.length;
    assert.deepEqual(scenario.submit(complete), { kind: "continue" });
    assert.equal(scenario.events.length, events);
  });

  it("may have more epochs than a trial", () => {
    scenario = testedScenario({ ...testedStudy(), training: { maxEpochs: 1 } });
    const lease = scenario.lease(testRun());
    for (const epoch of [0, 1]) {
      assert.deepEqual(scenario.report(lease, figuresOf(epoch, { test_accuracy: 0.5 })), { kind: "continue" });
    }
  });

  it("needs at least one metric", () => {
    const lease = scenario.lease(testRun());
    const answer = scenario.submit({ type: "complete-trial", lease, weights: LEFT, keptEpochs: [] });
    assert.equal(answer.kind, "rejected");
  });

  it("costs the study its figures alone when it fails", () => {
    const lease = scenario.lease(testRun());
    scenario.submit({ type: "fail-trial", lease, kind: "error", message: "exit code 1" });
    assert.deepEqual([study().status, study().testMetrics], ["completed", undefined]);
    assert.equal(study().message, "The test of trial 1 failed: exit code 1");
    assert.deepEqual(study().models, [{ ...WEIGHTS, kind: "program-files" }]);
    assert.equal(study().consecutiveFailures, 0);
  });

  it("is attempted again, from its checkpoint, when its trainer goes silent", () => {
    const lease = scenario.lease(testRun());
    scenario.report(lease, figuresOf(0, { seen: 1 }));
    scenario.submit({ type: "save-checkpoint", lease, artifact: checkpointOf(1), execution: 0, epoch: 0 });
    scenario.takeEffects();
    scenario.monotonicMs += TTL_MS + 1;
    scenario.tick();
    assert.deepEqual([testRun().state, testRun().attempt, testRun().checkpoints.length], ["queued", 2, 1]);
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "test", attempt: 2 }]);
    assert.deepEqual(scenario.report(lease, figuresOf(1, { seen: 2 })), { kind: "lease-lost" });
    const second = scenario.lease(testRun(), "trainer-2");
    scenario.submit({ type: "resume-trial", lease: second, sha256: checkpointOf(1).sha256 });
    scenario.submit({ type: "complete-trial", lease: second, weights: LEFT, keptEpochs: [] });
    assert.deepEqual([study().status, study().testMetrics], ["completed", { seen: 1 }]);
    const [deleted] = scenario.takeEffects();
    assert.deepEqual(deleted, { type: "delete-checkpoint", sha256: checkpointOf(1).sha256 });
  });

  it("waits for a trainer that runs programs, and says so", () => {
    const lease = scenario.lease(testRun());
    scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "runs no programs" });
    assert.deepEqual([study().status, testRun().state, testRun().losses.counted], ["finalizing", "queued", 0]);
    const refusal = scenario.submit({ type: "acquire-lease", trialId: "test", attempt: 2, trainerId: "trainer-1" });
    assert.deepEqual(refusal, { kind: "refused", reason: "set-aside" });
  });

  it("ends with its study when a person stops it", () => {
    const lease = scenario.lease(testRun());
    scenario.submit({ type: "stop-study", reason: "Enough." });
    assert.deepEqual([study().status, study().message], ["stopped", "Enough. The test of trial 1 was stopped."]);
    assert.deepEqual(study().models, [{ ...WEIGHTS, kind: "program-files" }]);
    assert.deepEqual(scenario.report(lease, figuresOf(0, { seen: 1 })), { kind: "stop" });
  });

  it("goes on after a restart, and is never queued again", () => {
    const lease = scenario.lease(testRun());
    const now = scenario.now();
    const replayed = evolveAll(undefined, scenario.events, now.wallMs) as Study;
    assert.deepEqual(replayed.testRun?.lease, testRun().lease);
    const resumed = recover(replayed, now, RULES);
    assert.deepEqual(resumed.effects, []);
    assert.ok(resumed.state.transient.deadlines.has("test"));
    const again = apply(resumed.state, { type: "selection-ready", selection: selectionOf("0", 2) }, now, RULES);
    assert.deepEqual(again.events, []);
    const reported = apply(resumed.state, { type: "report-epoch", lease, measurement: epochOf(0, 1) }, now, RULES);
    assert.deepEqual(reported.answer, { kind: "continue" });
  });

  it("is published again after a restart that lost its assignment", () => {
    const { effects } = recover(study(), scenario.now(), RULES);
    assert.deepEqual(effects, [{ type: "publish-assignment", trialId: "test", attempt: 1 }]);
    scenario.takeEffects();
    scenario.monotonicMs += RULES.republishAfterMs;
    scenario.tick();
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "test", attempt: 1 }]);
  });
});

it("has no test run in a study without the command", () => {
  const { test: _, ...program } = testedStudy().program;
  const scenario = new Scenario({ ...testedStudy(), program });
  for (const accuracy of [0.5, 0.9]) scenario.complete(accuracy);
  scenario.submit({ type: "selection-ready", selection: selectionOf("1", 2) });
  assert.deepEqual([scenario.study.status, scenario.study.testRun], ["completed", undefined]);
});
