// Studies with several objectives or with limits on outcomes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import { selectTrial } from "@sintonia/tuning/selection/select-front";
import type { NetworkStudy, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { bestMeasuredTrial } from "./query/objective.js";
import { selectionRequest, suggestionRequest } from "./query/oracle-request.js";
import { epochOf, Scenario, selectionOf, specOf, TEST_RESULT, WEIGHTS } from "./scenario.fixture.js";
import { readingsOf } from "./state/reopening.js";
import { figuresOf, testedStudy } from "./test-run.fixture.js";

const OBJECTIVES = [
  { metric: "val_accuracy", goal: "maximize" },
  { metric: "val_loss", goal: "minimize" },
] as const;

function severalOf(changes: Partial<NetworkStudy> = {}, maxTrials = 3): NetworkStudy {
  return { ...specOf({ maxTrials }), objectives: OBJECTIVES, ...changes };
}

/** Suggests a trial and completes it with an epoch of the given accuracy and loss. */
function complete(scenario: Scenario, accuracy: number, loss: number, facts?: Record<string, number>) {
  const trial = scenario.suggest();
  const lease = scenario.lease(trial);
  const measured = epochOf(0, accuracy);
  scenario.report(lease, { ...measured, metrics: { ...measured.metrics, val_loss: loss } });
  const completion = { type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] } as const;
  const answer = scenario.submit({ ...completion, ...(facts === undefined ? {} : { facts }) });
  return { answer, trial: scenario.trial(trial.number) };
}

/** The choice of a trial of a front. */
function frontOf(trialId: string, ids: readonly string[]): Selection {
  return { ...selectionOf(trialId), rule: "knee", front: ids.map((id) => ({ trialId: id, outcomes: {} })) };
}

describe("the outcomes of a trial", () => {
  it("are metrics of the epoch that is best in the first objective, and facts", () => {
    const limits = ["parameters <= 9000", "train_seconds <= 100", "model_bytes <= 8"];
    const scenario = new Scenario(severalOf({ limits }));
    const trial = scenario.suggest();
    const lease = scenario.lease(trial);
    for (const [epoch, accuracy, loss] of [
      [0, 0.5, 0.9],
      [1, 0.8, 0.7],
      [2, 0.7, 0.1],
    ] as const) {
      const measured = epochOf(epoch, accuracy);
      scenario.report(lease, { ...measured, metrics: { ...measured.metrics, val_loss: loss } });
    }
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual(scenario.trial(0).outcomes, {
      val_accuracy: [0.8],
      val_loss: [0.7],
      parameters: [7850],
      train_seconds: [6],
      model_bytes: [8],
    });
  });

  it("come from the trainer where the plan does not say them, and a trial without them has failed", () => {
    const scenario = new Scenario(severalOf({ limits: ["latency_ms <= 5"] }));
    assert.deepEqual(complete(scenario, 0.8, 0.5, { latency_ms: 2 }).trial.outcomes?.["latency_ms"], [2]);
    for (const facts of [undefined, { latency_ms: Number.NaN }]) {
      const { answer, trial } = complete(scenario, 0.8, 0.5, facts);
      assert.deepEqual([answer, trial.state], [{ kind: "stop" }, "failed"]);
      assert.match(trial.message ?? "", /no latency_ms, which .* need: its trainer did not measure it/);
    }
  });

  it("of a program are its last reports where the kept epoch has none", () => {
    const objectives = [OBJECTIVES[0], { metric: "watts", goal: "minimize" }] as const;
    const scenario = new Scenario({ ...testedStudy(), objectives });
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, figuresOf(0, { val_accuracy: 0.9 }));
    scenario.report(lease, figuresOf(1, { val_accuracy: 0.8, watts: 40 }));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    assert.deepEqual(scenario.trial(0).outcomes, { val_accuracy: [0.9], watts: [40] });
    assert.match(complete(scenario, 0.9, 1).trial.message ?? "", /no watts, .*its program did not report it/);
  });

  it("reach the oracle with the noise of the executions", () => {
    const scenario = new Scenario({ ...severalOf(), budget: { ...specOf().budget, executionsPerTrial: 2 } });
    const lease = scenario.lease(scenario.suggest());
    for (const [execution, accuracy] of [0.8, 0.9].entries()) scenario.report(lease, epochOf(0, accuracy, execution));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    const running = scenario.suggest(0.02);
    scenario.lease(running);
    const { aims, completed, pending } = suggestionRequest(scenario.study, 2);
    assert.deepEqual(
      aims?.objectives.map(({ name }) => name),
      ["val_accuracy", "val_loss"],
    );
    const { val_accuracy: accuracy, val_loss: loss } = completed[0]?.outcomes ?? {};
    assert.ok(Math.abs((accuracy?.value ?? 0) - 0.85) < 1e-12);
    // The sample variance 0.005 of one execution, over two.
    assert.ok(Math.abs((accuracy?.noiseVariance ?? 0) - 0.0025) < 1e-12);
    assert.deepEqual(loss, { value: 0.4 });
    assert.deepEqual(pending, [running.values]);
  });
});

describe("the choice", () => {
  it("is the front without dominated trials, and the picked one of it", () => {
    const scenario = new Scenario(severalOf({ limits: ["val_loss <= 0.9"] }, 4));
    for (const [accuracy, loss] of [
      [0.9, 0.8],
      [0.5, 0.2],
      [0.4, 0.3],
      [0.99, 0.95],
    ] as const) {
      complete(scenario, accuracy, loss);
    }
    const selection = selectTrial(selectionRequest(scenario.study));
    assert.deepEqual(
      selection.front?.map(({ trialId }) => trialId),
      ["0", "1"],
    );
    assert.deepEqual([selection.rule, selection.bestMeasured], ["knee", { trialId: "0", count: 4 }]);
    assert.equal(bestMeasuredTrial(scenario.study)?.id, "0", "a trial that keeps the limits is the best so far");
  });

  it("of one objective with limits keeps them if any trial does", () => {
    const single = { objectives: undefined, limits: ["val_loss <= 0.5"] } as unknown as Partial<StudySpec>;
    const choiceOf = (losses: readonly number[]) => {
      const scenario = new Scenario(severalOf(single as Partial<NetworkStudy>));
      for (const [i, loss] of losses.entries()) complete(scenario, 0.9 - i / 10, loss);
      return selectTrial(selectionRequest(scenario.study));
    };
    const kept = choiceOf([0.8, 0.5, 0.4]);
    assert.deepEqual([kept.trialId, kept.front?.map(({ trialId }) => trialId)], ["1", ["1"]]);
    const none = choiceOf([0.8, 0.7, 0.9]);
    assert.deepEqual([none.trialId, none.front], ["1", []]);
    assert.match(none.note ?? "", /^No completed trial keeps the limits; trial "1" comes nearest: val_loss 0\.7, /);
  });
});

describe("the test split of a front", () => {
  const finalizing = (testFront: boolean) => {
    const scenario = new Scenario(severalOf({ testFront }));
    for (const accuracy of [0.5, 0.7, 0.9]) complete(scenario, accuracy, accuracy);
    scenario.takeEffects();
    scenario.submit({ type: "selection-ready", selection: frontOf("1", ["0", "1", "2"]) });
    return scenario;
  };
  const evaluated = (scenario: Scenario, trialId: string) =>
    scenario.submit({ type: "best-evaluated", trialId, test: TEST_RESULT, models: [] });
  const asked = (scenario: Scenario) =>
    scenario.takeEffects().map((effect) => ("trialId" in effect ? `${effect.type} ${effect.trialId}` : effect.type));
  const read = ({ study }: Scenario) => readingsOf(study).map(({ trialId }) => trialId);

  it("is read by the picked trial alone", () => {
    const scenario = finalizing(false);
    assert.deepEqual(asked(scenario), ["evaluate-best 1"]);
    evaluated(scenario, "1");
    assert.deepEqual([scenario.study.status, read(scenario)], ["completed", ["1"]]);
  });

  it("is read by each trial once if asked for, by the picked one last", () => {
    const scenario = finalizing(true);
    assert.deepEqual(asked(scenario), ["evaluate-best 0"]);
    evaluated(scenario, "1");
    assert.deepEqual(asked(scenario), [], "an answer that nobody waits for");
    evaluated(scenario, "0");
    assert.deepEqual(asked(scenario), ["evaluate-best 2"]);
    evaluated(scenario, "0");
    assert.deepEqual(asked(scenario), [], "a repeated answer");
    evaluated(scenario, "2");
    assert.deepEqual(asked(scenario), ["evaluate-best 1"]);
    evaluated(scenario, "1");
    assert.deepEqual([scenario.study.status, read(scenario)], ["completed", ["0", "2", "1"]]);
  });

  it("is not read again by trials that stay on the front of an extended study", () => {
    const scenario = finalizing(true);
    for (const id of ["0", "2", "1"]) evaluated(scenario, id);
    scenario.submit({ type: "extend-study", limits: { maxTrials: 4 } });
    complete(scenario, 0.95, 0.95);
    scenario.takeEffects();
    scenario.submit({ type: "selection-ready", selection: frontOf("2", ["0", "1", "2", "3"]) });
    assert.deepEqual(asked(scenario), ["evaluate-best 3"]);
    evaluated(scenario, "3");
    assert.deepEqual([scenario.study.status, read(scenario)], ["completed", ["0", "2", "1", "3"]]);
    assert.deepEqual(scenario.study.test, TEST_RESULT);
  });

  it("costs the figures of a trial that cannot be evaluated, and nothing else", () => {
    const scenario = finalizing(true);
    const effect = { type: "evaluate-best", trialId: "0", weights: WEIGHTS } as const;
    scenario.submit({ type: "effect-failed", effect, message: "no plan" });
    for (const id of ["2", "1"]) evaluated(scenario, id);
    assert.deepEqual([scenario.study.status, read(scenario)], ["completed", ["0", "2", "1"]]);
  });
});

describe("the test runs of a front", () => {
  const finalizing = () => {
    const scenario = new Scenario({ ...testedStudy(), objectives: OBJECTIVES, testFront: true });
    for (const accuracy of [0.5, 0.9]) complete(scenario, accuracy, accuracy);
    scenario.takeEffects();
    scenario.submit({ type: "selection-ready", selection: frontOf("1", ["0", "1"]) });
    return scenario;
  };
  const test = (scenario: Scenario, figures?: Record<string, number>) => {
    const run = scenario.study.testRun ?? assert.fail("no test run");
    const lease = scenario.lease(run);
    if (figures === undefined) scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." });
    else {
      scenario.report(lease, figuresOf(0, figures));
      scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    }
    return run.tests;
  };

  it("follow each other, that of the picked trial last", () => {
    const scenario = finalizing();
    assert.deepEqual([test(scenario, { accuracy: 0.4 }), test(scenario, { accuracy: 0.8 })], ["0", "1"]);
    const { status, testMetrics } = scenario.study;
    assert.deepEqual([status, testMetrics], ["completed", { accuracy: 0.8 }]);
    assert.deepEqual(
      readingsOf(scenario.study).map(({ trialId, testMetrics: figures }) => [trialId, figures]),
      [
        ["0", { accuracy: 0.4 }],
        ["1", { accuracy: 0.8 }],
      ],
    );
  });

  it("of another trial may fail without a message of the study", () => {
    const scenario = finalizing();
    assert.deepEqual([test(scenario), test(scenario, { accuracy: 0.8 })], ["0", "1"]);
    assert.deepEqual([scenario.study.status, scenario.study.message], ["completed", undefined]);
  });

  it("keep the figures of an extended study", () => {
    const scenario = finalizing();
    test(scenario, { accuracy: 0.4 });
    test(scenario, { accuracy: 0.8 });
    scenario.submit({ type: "extend-study", limits: { maxTrials: 3 } });
    complete(scenario, 0.95, 0.95);
    scenario.submit({ type: "selection-ready", selection: frontOf("0", ["0", "1", "2"]) });
    assert.deepEqual(test(scenario, { accuracy: 0.85 }), "2");
    scenario.tick();
    assert.deepEqual([scenario.study.status, scenario.study.testMetrics], ["completed", { accuracy: 0.4 }]);
  });
});
