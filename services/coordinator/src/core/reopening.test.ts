// Studies that a person extends after their end.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recover } from "./apply.js";
import type { Effect } from "./boundary/effect.js";
import { unmadeTrials } from "./points/unmade.js";
import { namedArtifacts } from "./query/named-content.js";
import { expectedTrials } from "./query/replicates.js";
import { activeMs } from "./query/waiting.js";
import { RULES, Scenario, specOf, TEST_RESULT, WEIGHTS } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";
import { readingsOf } from "./state/reopening.js";
import type { Artifact } from "./state/study.js";
import { figuresOf, testedScenario } from "./test-run.fixture.js";

const extend = (maxTrials: number) => ({ type: "extend-study", limits: { maxTrials } }) as const;
const MODEL: Artifact = { ...WEIGHTS, kind: "onnx-model" };
const OTHER_RESULT = { ...TEST_RESULT, accuracy: 0.99 };

const typesOf = (effects: readonly Effect[]) => effects.map(({ type }) => type);

/** Returns a completed study of two trials, of which trial 0 is the best. */
function completed(): Scenario {
  const scenario = new Scenario(specOf({ maxTrials: 2 }));
  for (const objective of [0.9, 0.8]) scenario.complete(objective);
  evaluate(scenario, "0", TEST_RESULT);
  scenario.takeEffects();
  return scenario;
}

function evaluate(scenario: Scenario, trialId: string, test: typeof TEST_RESULT): void {
  scenario.select(trialId);
  scenario.submit({ type: "best-evaluated", trialId, test, models: [MODEL] });
}

const trialsRead = ({ study }: Scenario) => readingsOf(study).map(({ trialId }) => trialId);

describe("a study that is extended after its end", () => {
  it("is active again with all results, checks its data and asks for the next trial", () => {
    const scenario = completed();
    assert.deepEqual(scenario.submit(extend(3)), { kind: "done" });
    const { status, trials, endedAt, test, models, selection, bestTrialId, limits } = scenario.study;
    assert.deepEqual([status, trials.length, limits], ["active", 2, { maxTrials: 3 }]);
    assert.deepEqual([endedAt, test, models, selection, bestTrialId], [undefined, undefined, [], undefined, undefined]);
    assert.deepEqual(typesOf(scenario.takeEffects()), ["check-test-data", "request-suggestions"]);
  });

  it("reads the test split once more for another best trial, and keeps the first reading", () => {
    const scenario = completed();
    scenario.submit(extend(3));
    scenario.complete(0.95);
    scenario.takeEffects();
    scenario.select("2");
    assert.deepEqual(typesOf(scenario.takeEffects()), ["evaluate-best"]);
    scenario.submit({ type: "best-evaluated", trialId: "2", test: OTHER_RESULT, models: [] });
    assert.deepEqual([scenario.study.status, scenario.study.test], ["completed", OTHER_RESULT]);
    assert.deepEqual(trialsRead(scenario), ["0", "2"]);
    assert.deepEqual(scenario.study.earlierReadings?.[0]?.test, TEST_RESULT);
    assert.ok(namedArtifacts(scenario.study).includes(MODEL), "the files of the first reading are kept");
  });

  it("keeps the figures of a trial that is chosen again, and reads nothing", () => {
    const scenario = completed();
    scenario.submit(extend(3));
    scenario.complete(0.85);
    scenario.takeEffects();
    scenario.select("0");
    assert.deepEqual(scenario.takeEffects(), []);
    const { status, test, models } = scenario.study;
    assert.deepEqual([status, test, models], ["completed", TEST_RESULT, [MODEL]]);
    assert.deepEqual(trialsRead(scenario), ["0"]);
    scenario.submit(extend(4));
    scenario.complete(0.99);
    evaluate(scenario, "3", OTHER_RESULT);
    assert.deepEqual(trialsRead(scenario), ["0", "3"]);
    scenario.submit(extend(5));
    assert.deepEqual(trialsRead(scenario), ["0", "3"], "an active study has its earlier readings");
  });

  it("takes no late answer to a question of its former end", () => {
    const scenario = new Scenario(specOf({ maxTrials: 2 }));
    for (const objective of [0.9, 0.8]) scenario.complete(objective);
    scenario.select("0");
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
    scenario.submit({ type: "stop-study", reason: "Enough." });
    scenario.submit(extend(3));
    scenario.complete(0.95);
    scenario.select("2");
    scenario.submit({ type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] });
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
    const { status, test, evaluationFault } = scenario.study;
    assert.deepEqual([status, test, evaluationFault], ["finalizing", undefined, undefined]);
  });

  it("may have been stopped, and has read nothing then", () => {
    const scenario = new Scenario(specOf({ maxTrials: 3 }));
    scenario.suggest();
    scenario.submit({ type: "stop-study", reason: "Enough." });
    assert.equal(scenario.study.status, "stopped");
    assert.deepEqual(scenario.submit(extend(3)), { kind: "done" });
    assert.equal(scenario.study.status, "stopped", "the same budget changes nothing");
    scenario.submit(extend(4));
    assert.deepEqual([scenario.study.status, scenario.study.message], ["active", undefined]);
    assert.deepEqual([unmadeTrials(scenario.study), trialsRead(scenario)], [3, []]);
  });

  it("has not failed, and gets no smaller budget", () => {
    const failed = new Scenario(specOf({ maxConsecutiveFailures: 1 }));
    failed.fail();
    const message = "1 trials failed in a row. The last: It broke.";
    assert.deepEqual(failed.submit(extend(5)), { kind: "rejected", rejection: { code: "STUDY_FAILED", message } });
    const rejection = { code: "BUDGET_LARGER", maxTrials: 2 };
    assert.deepEqual(completed().submit(extend(1)), { kind: "rejected", rejection });
  });

  it("does not count the time after its end as active", () => {
    const scenario = completed();
    const taken = activeMs(scenario.study, scenario.now().wallMs);
    scenario.monotonicMs += 60_000;
    scenario.submit(extend(3));
    scenario.monotonicMs += 500;
    assert.equal(activeMs(scenario.study, scenario.now().wallMs), taken + 500);
  });

  it("counts no time twice when a coordinator started between its end and its extension", () => {
    const scenario = completed();
    const taken = activeMs(scenario.study, scenario.now().wallMs);
    scenario.monotonicMs += 60_000;
    scenario.state = recover(scenario.study, scenario.now(), RULES).state;
    scenario.monotonicMs += 1_000;
    scenario.submit(extend(3));
    assert.equal(activeMs(scenario.study, scenario.now().wallMs), taken);
  });

  it("is the same after a replay", () => {
    const scenario = completed();
    scenario.submit(extend(3));
    scenario.complete(0.95);
    evaluate(scenario, "2", OTHER_RESULT);
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs), scenario.study);
  });
});

describe("a study of replicates that is extended after its end", () => {
  it("executes only contenders again that have not been executed, beyond its budget", () => {
    const selection = { rule: "replicate", top: 2, executions: 1 } as const;
    const scenario = new Scenario({ ...specOf({ maxTrials: 2 }), selection });
    for (const objective of [0.9, 0.8]) scenario.complete(objective);
    scenario.contend("0", "1");
    for (const number of [2, 3]) scenario.train(scenario.trial(number), 0.85);
    evaluate(scenario, "0", TEST_RESULT);
    scenario.submit(extend(3));
    assert.deepEqual([unmadeTrials(scenario.study), expectedTrials(scenario.study)], [1, 7]);
    scenario.complete(0.95);
    scenario.contend("4", "0");
    const { replicates } = scenario.trial(5);
    assert.deepEqual([replicates, expectedTrials(scenario.study)], [{ trialId: "4", round: 0 }, 6]);
    scenario.train(scenario.trial(5), 0.94);
    assert.deepEqual([scenario.study.status, scenario.study.trials.length], ["finalizing", 6]);
  });
});

describe("a study of replicates that is extended before its contenders are chosen", () => {
  const REQUEST = { type: "choose-contenders", count: 2, reopenings: 0 } as const;
  const LATE = { type: "contenders-ready", reopenings: 0, trialIds: ["0", "1"] } as const;
  const FAILED = { type: "effect-failed", effect: REQUEST, message: "broken" } as const;

  /** Returns a stopped study of two trials without an answer to its request for contenders. */
  function stoppedEarly(): Scenario {
    const selection = { rule: "replicate", top: 2, executions: 1 } as const;
    const scenario = new Scenario({ ...specOf({ maxTrials: 2 }), selection });
    for (const objective of [0.9, 0.8]) scenario.complete(objective);
    assert.deepEqual(scenario.takeEffects().at(-1), REQUEST);
    stop(scenario);
    return scenario;
  }

  /** Stops a study whose best trial is trial 0. */
  function stop(scenario: Scenario): void {
    scenario.submit({ type: "stop-study", reason: "Enough." });
    evaluate(scenario, "0", TEST_RESULT);
    assert.equal(scenario.study.status, "stopped");
  }

  /** Ends the search of an extended study before its next trial. */
  function exhaust(scenario: Scenario): void {
    const { length: trialNumber } = scenario.study.trials;
    scenario.submit({ type: "suggestions-ready", trialNumber, basis: 1, suggestions: "exhausted" });
    assert.equal(scenario.study.searchEnded, true);
  }

  it("ignores the late answer, and takes the one to its new request", () => {
    const scenario = stoppedEarly();
    scenario.submit(extend(3));
    scenario.submit(LATE);
    scenario.complete(0.95);
    assert.deepEqual(scenario.takeEffects().at(-1), { ...REQUEST, reopenings: 1 });
    scenario.submit(LATE);
    assert.deepEqual([scenario.study.contenders, scenario.study.trials.length], [undefined, 3]);
    scenario.submit({ type: "contenders-ready", reopenings: 1, trialIds: ["2", "0"] });
    assert.deepEqual([scenario.study.contenders, scenario.trial(3).replicates?.trialId], [["2", "0"], "2"]);
  });

  it("ignores a late failure, also if no trial has begun since the request", () => {
    const scenario = stoppedEarly();
    scenario.submit(extend(3));
    exhaust(scenario);
    scenario.submit(FAILED);
    const { status, contenders, trials } = scenario.study;
    assert.deepEqual([status, contenders, trials.length], ["active", undefined, 2]);
    scenario.submit({ type: "contenders-ready", reopenings: 1, trialIds: ["1", "0"] });
    assert.deepEqual(scenario.study.contenders, ["1", "0"]);
  });

  it("ignores the answers to all earlier requests after a second stop and extension", () => {
    const scenario = stoppedEarly();
    scenario.submit(extend(3));
    exhaust(scenario);
    scenario.submit({ type: "stop-study", reason: "Enough." });
    scenario.select("0");
    assert.equal(scenario.study.status, "stopped");
    scenario.submit(extend(4));
    exhaust(scenario);
    for (const reopenings of [0, 1]) scenario.submit({ ...LATE, reopenings });
    assert.equal(scenario.study.contenders, undefined);
    scenario.contend("1", "0");
    assert.deepEqual(scenario.study.contenders, ["1", "0"]);
  });

  it("takes the answer to a request that a recovery repeats", () => {
    const scenario = stoppedEarly();
    scenario.submit(extend(3));
    scenario.complete(0.95);
    const { effects, state } = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(effects, [{ ...REQUEST, reopenings: 1 }]);
    scenario.state = state;
    scenario.submit({ type: "contenders-ready", reopenings: 1, trialIds: ["2", "0"] });
    assert.deepEqual(scenario.study.contenders, ["2", "0"]);
  });
});

describe("a program's study that is extended after its test", () => {
  function tested(): Scenario {
    const scenario = testedScenario();
    runTest(scenario, 0.88);
    scenario.takeEffects();
    scenario.submit(extend(3));
    return scenario;
  }

  function runTest(scenario: Scenario, accuracy: number): void {
    const { testRun } = scenario.study;
    assert.ok(testRun !== undefined);
    const lease = scenario.lease(testRun);
    scenario.report(lease, figuresOf(0, { test_accuracy: accuracy }));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [0] });
  }

  it("tests another best trial, in an attempt whose output is apart from the first", () => {
    const scenario = tested();
    scenario.complete(0.95);
    scenario.takeEffects();
    scenario.select("2");
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "test", attempt: 2 }]);
    runTest(scenario, 0.91);
    assert.deepEqual([scenario.study.status, scenario.study.testMetrics], ["completed", { test_accuracy: 0.91 }]);
    assert.deepEqual(trialsRead(scenario), ["1", "2"]);
  });

  it("keeps the test of a trial that is chosen again", () => {
    const scenario = tested();
    const { models } = testedThenEnded();
    scenario.complete(0.6);
    scenario.takeEffects();
    scenario.select("1");
    assert.deepEqual(scenario.takeEffects(), []);
    const { study } = scenario;
    assert.deepEqual([study.status, study.testMetrics], ["completed", { test_accuracy: 0.88 }]);
    assert.deepEqual([study.testRun?.tests, study.models, trialsRead(scenario)], ["1", models, ["1"]]);
  });

  function testedThenEnded() {
    const scenario = testedScenario();
    runTest(scenario, 0.88);
    return scenario.study;
  }
});
