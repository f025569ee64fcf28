import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { recover } from "../apply.js";
import { epochOf, RULES, Scenario, specOf, WEIGHTS } from "../scenario.fixture.js";
import { evolveAll } from "../state/evolve.js";

const REASON = "The budget of 3 epochs was spent.";
const extend = (limits: object) => ({ type: "extend-study", limits }) as const;
const rejected = (rejection: object) => ({ kind: "rejected", rejection });

/** A study whose trials under way are known by their leases. */
function running(budget: object, count: number): { scenario: Scenario; leases: readonly LeaseKey[] } {
  const scenario = new Scenario(specOf({ maxTrials: 9, ...budget }), count);
  const leases = Array.from({ length: count }, (_, i) => scenario.lease(scenario.suggest(), `trainer-${i + 1}`));
  return { scenario, leases };
}

function complete(scenario: Scenario, lease: LeaseKey): string {
  return scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] }).kind;
}

const statesOf = ({ study }: Scenario) => study.trials.map(({ state }) => state);

describe("a budget of epochs", () => {
  it("ends the search with the report that spends the last epoch, and cancels the other trials", () => {
    const { scenario, leases } = running({ maxEpochs: 3 }, 3);
    const [first, second, third] = leases as [LeaseKey, LeaseKey, LeaseKey];
    scenario.suggest();
    for (const lease of [first, second]) assert.equal(scenario.report(lease, epochOf(0, 0.8)).kind, "continue");
    scenario.takeEffects();
    assert.deepEqual(scenario.report(first, epochOf(1, 0.9)), { kind: "continue" });
    assert.deepEqual(statesOf(scenario), ["running", "cancelled", "cancelled", "cancelled"]);
    assert.deepEqual(
      [1, 2, 3].map((number) => scenario.trial(number).message),
      [REASON, REASON, REASON],
    );
    assert.deepEqual(scenario.takeEffects(), [{ type: "withdraw-assignment", trialId: "3" }]);
    assert.deepEqual(
      [second, third].map((lease) => scenario.report(lease, epochOf(1, 0.9)).kind),
      ["stop", "stop"],
    );
    assert.equal(complete(scenario, first), "continue");
    const { status, message, epochsSpent } = scenario.study;
    assert.deepEqual([status, message], ["finalizing", "Ended by its budget of 3 epochs after 4 trials."]);
    assert.equal(epochsSpent, 3);
  });

  it("stops the trial that spent the last epoch once it reports a further one", () => {
    const { scenario, leases } = running({ maxEpochs: 1 }, 1);
    const [lease] = leases as [LeaseKey];
    scenario.report(lease, epochOf(0, 0.8));
    assert.equal(scenario.report(lease, epochOf(0, 0.8)).kind, "continue", "a repeated report");
    assert.deepEqual(scenario.report(lease, epochOf(1, 0.9)), { kind: "stop" });
    assert.deepEqual([scenario.trial(0).state, scenario.trial(0).measurements.length], ["cancelled", 1]);
    const message = "No trial completed, so there is no best model. Ended by its budget of 1 epoch after 1 trial.";
    assert.deepEqual([scenario.study.status, scenario.study.message], ["failed", message]);
  });

  it("cancels the trial that spent the last epoch if its attempt is lost", () => {
    const { scenario, leases } = running({ maxEpochs: 1 }, 1);
    const [lease] = leases as [LeaseKey];
    scenario.report(lease, epochOf(0, 0.8));
    scenario.submit({ type: "fail-trial", lease, kind: "preempted", message: "The trainer was asked to stop." });
    assert.deepEqual(statesOf(scenario), ["cancelled"]);
  });

  it("lets the trials complete that have all epochs of their plan", () => {
    const spec = specOf({ maxTrials: 9, maxEpochs: 3 });
    const scenario = new Scenario({ ...spec, training: { ...(spec.training as object), maxEpochs: 2 } }, 2);
    const [first, second] = [scenario.lease(scenario.suggest()), scenario.lease(scenario.suggest(), "trainer-2")];
    for (const epoch of [0, 1]) scenario.report(first, epochOf(epoch, 0.8));
    scenario.report(second, epochOf(0, 0.8));
    assert.deepEqual(statesOf(scenario), ["running", "running"]);
    assert.deepEqual([complete(scenario, first), scenario.study.status], ["continue", "active"]);
    assert.deepEqual([complete(scenario, second), scenario.study.status], ["continue", "finalizing"]);
  });

  it("counts the epochs that a later attempt trains again, and none that a checkpoint covers", () => {
    const { scenario, leases } = running({ maxEpochs: 4 }, 1);
    const [lease] = leases as [LeaseKey];
    for (const epoch of [0, 1]) scenario.report(lease, epochOf(epoch, 0.8));
    scenario.save(lease, 0);
    scenario.submit({ type: "fail-trial", lease, kind: "preempted", message: "The trainer was asked to stop." });
    const next = scenario.lease(scenario.trial(0));
    const { sha256 } = scenario.trial(0).checkpoints[0]?.artifact ?? { sha256: "" as never };
    scenario.submit({ type: "resume-trial", lease: next, sha256 });
    scenario.report(next, epochOf(1, 0.8));
    assert.deepEqual([scenario.study.epochsSpent, scenario.study.status], [3, "active"]);
    scenario.report(next, epochOf(2, 0.8));
    assert.equal(scenario.study.spentLimit?.limit, "maxEpochs");
  });

  it("asks for no trial and takes no point after its end", () => {
    const { scenario, leases } = running({ maxEpochs: 1 }, 1);
    scenario.report(leases[0] as LeaseKey, epochOf(0, 0.8));
    scenario.takeEffects();
    scenario.tick(3);
    assert.deepEqual(scenario.takeEffects(), []);
    const enqueue = { type: "enqueue-trial", values: { stddev: 0.07 } } as const;
    assert.deepEqual(scenario.submit(enqueue), rejected({ code: "SEARCH_ENDED" }));
    const suggestions = [{ values: { stddev: 0.05 }, source: "random" }] as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 1, basis: 1, suggestions });
    assert.equal(scenario.study.trials.length, 1);
  });

  it("is spent in a pause too, and the study ends once it is resumed", () => {
    const { scenario, leases } = running({ maxEpochs: 2 }, 2);
    const [first, second] = leases as [LeaseKey, LeaseKey];
    scenario.report(first, epochOf(0, 0.8));
    complete(scenario, first);
    scenario.submit({ type: "pause-study", reason: "Later." });
    scenario.report(second, epochOf(0, 0.8));
    complete(scenario, second);
    assert.equal(scenario.study.status, "active");
    scenario.submit({ type: "resume-study" });
    assert.equal(scenario.study.status, "finalizing");
  });

  it("leaves the replicates of the selection rule, which come after the search", () => {
    const selection = { rule: "replicate", top: 2, executions: 1 } as const;
    const scenario = new Scenario({ ...specOf({ maxTrials: 9, maxEpochs: 2 }), selection });
    for (const objective of [0.8, 0.9]) scenario.complete(objective);
    assert.equal(scenario.study.searchEnded, true);
    scenario.contend("1", "0");
    scenario.tick(2);
    for (const number of [2, 3]) scenario.train(scenario.trial(number), 0.9);
    const { status, message, epochsSpent } = scenario.study;
    assert.deepEqual([status, message], ["finalizing", "Ended by its budget of 2 epochs after 2 trials."]);
    assert.equal(epochsSpent, 2);
  });
});

describe("budgets of time", () => {
  it("end the search once the study has been active for so long, without its pauses", () => {
    const { scenario } = running({ maxSeconds: 2.5 }, 1);
    scenario.monotonicMs += 900;
    scenario.tick();
    scenario.submit({ type: "pause-study", reason: "Later." });
    scenario.monotonicMs += 60_000;
    scenario.submit({ type: "resume-study" });
    const lease = scenario.lease(scenario.trial(0));
    scenario.report(lease, epochOf(0, 0.8));
    complete(scenario, lease);
    scenario.suggest();
    scenario.monotonicMs += 1_599;
    scenario.tick();
    assert.equal(scenario.study.status, "active");
    scenario.monotonicMs += 1;
    scenario.tick();
    assert.deepEqual(statesOf(scenario), ["completed", "cancelled"]);
    assert.equal(scenario.study.message, "Ended by its budget of 2.5 seconds after 2 trials.");
  });

  it("sum the time under all leases of the search, those that were lost included", () => {
    const { scenario, leases } = running({ maxTrainerSeconds: 2 }, 2);
    const [first, second] = leases as [LeaseKey, LeaseKey];
    scenario.monotonicMs += 500;
    scenario.submit({ type: "fail-trial", lease: first, kind: "preempted", message: "The trainer was asked to stop." });
    scenario.report(second, epochOf(0, 0.8));
    scenario.monotonicMs += 400;
    complete(scenario, second);
    assert.equal(scenario.study.leasedMs, 1_400);
    scenario.lease(scenario.trial(0));
    scenario.monotonicMs += 600;
    scenario.tick(2);
    assert.deepEqual(statesOf(scenario), ["cancelled", "completed"]);
    assert.equal(scenario.study.message, "Ended by its budget of 2 trainer seconds after 2 trials.");
  });
});

describe("a budget with several limits", () => {
  it("says that its trials ended the search if they did", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1, maxEpochs: 9 }));
    scenario.complete(0.8);
    assert.deepEqual(
      [scenario.study.status, scenario.study.message],
      ["finalizing", "Ended by its budget of 1 trial."],
    );
  });

  it("grows in each limit of the spec, and in no other", () => {
    const scenario = new Scenario(specOf({ maxEpochs: 3 }));
    assert.deepEqual(scenario.submit(extend({ maxEpochs: 5 })), { kind: "done" });
    assert.deepEqual(scenario.study.limits, { maxTrials: 3, maxEpochs: 5 });
    const smaller = rejected({ code: "LIMIT_LARGER", limit: "maxEpochs", max: 5 });
    assert.deepEqual(scenario.submit(extend({ maxEpochs: 4 })), smaller);
    const absent = rejected({ code: "LIMIT_ABSENT", limit: "maxSeconds" });
    assert.deepEqual(scenario.submit(extend({ maxSeconds: 9 })), absent);
  });

  it("searches on after its end if no limit would end it at once", () => {
    const scenario = new Scenario(specOf({ maxTrials: 3, maxEpochs: 1 }));
    scenario.complete(0.8);
    scenario.select("0");
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
    scenario.submit({ type: "stop-study", reason: "Enough." });
    const spent = rejected({ code: "LIMIT_SPENT", limit: "maxEpochs", max: 1, used: 1 });
    assert.deepEqual(scenario.submit(extend({ maxTrials: 9 })), spent);
    assert.deepEqual(scenario.submit(extend({ maxEpochs: 2 })), { kind: "done" });
    assert.equal(scenario.study.spentLimit, undefined);
    scenario.complete(0.9);
    assert.equal(scenario.study.message, "Ended by its budget of 2 epochs after 2 trials.");
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs)?.limits, scenario.study.limits);
  });
});

describe("a resumed study", () => {
  it("spends no active time in the interruption before its first event", () => {
    const scenario = new Scenario(specOf({ maxSeconds: 5 }));
    const lease = scenario.lease(scenario.suggest());
    scenario.monotonicMs += 60_000;
    scenario.state = recover(scenario.study, scenario.now(), RULES).state;
    assert.deepEqual(scenario.report(lease, epochOf(0, 0.8)), { kind: "continue" });
    for (const ms of [900, 900, 900, 900, 900, 499]) {
      scenario.monotonicMs += ms;
      assert.equal(scenario.submit({ type: "heartbeat", lease }).kind, "continue");
    }
    scenario.monotonicMs += 1;
    scenario.tick();
    assert.deepEqual(statesOf(scenario), ["cancelled"]);
  });
});

describe("a trial that takes longer than its budget", () => {
  it("is infeasible, its trainer stops, and the study goes on", () => {
    const { scenario, leases } = running({ maxSecondsPerTrial: 1.2 }, 2);
    const [first, second] = leases as [LeaseKey, LeaseKey];
    scenario.report(first, epochOf(0, 0.8));
    scenario.monotonicMs += 900;
    scenario.submit({
      type: "fail-trial",
      lease: second,
      kind: "preempted",
      message: "The trainer was asked to stop.",
    });
    scenario.submit({ type: "heartbeat", lease: first });
    const again = scenario.lease(scenario.trial(1), "trainer-2");
    scenario.monotonicMs += 300;
    scenario.tick(2);
    assert.deepEqual(statesOf(scenario), ["infeasible", "infeasible"], "the time of both attempts counts");
    assert.equal(scenario.trial(0).message, "It took longer than budget.maxSecondsPerTrial, 1.2 s.");
    assert.deepEqual(scenario.report(again, epochOf(0, 0.8)), { kind: "stop" });
    assert.deepEqual([scenario.study.status, scenario.study.consecutiveFailures], ["active", 0]);
    assert.equal(scenario.study.leasedMs, 2_400);
  });

  it("completes if it has reported all epochs of its plan", () => {
    const spec = specOf({ maxSecondsPerTrial: 0.5 });
    const scenario = new Scenario({ ...spec, training: { ...(spec.training as object), maxEpochs: 1 } });
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.8));
    scenario.monotonicMs += 900;
    scenario.tick();
    assert.equal(complete(scenario, lease), "continue");
  });
});

describe("a limit of improvement", () => {
  const outlook = (expectedImprovement: number, gap = 1) => ({ expectedImprovement, gap });

  /** Answers a request to the oracle with a suggestion, or several of one basis. */
  function suggest(scenario: Scenario, ...outlooks: readonly object[]): void {
    const suggestions = outlooks.map((expected, i) => {
      return { values: { stddev: 0.05 + i / 100 }, source: "model", outlook: expected } as const;
    });
    const { trials, eventCount: basis } = scenario.study;
    scenario.submit({ type: "suggestions-ready", trialNumber: trials.length, basis, suggestions } as never);
  }

  it("ends the search with the eighth basis in a row below it, and lets the trials under way complete", () => {
    const scenario = new Scenario(specOf({ maxTrials: 30, minImprovement: 0.01, parallelTrials: 30 }), 3);
    suggest(scenario, ...new Array(9).fill(outlook(0.004)));
    assert.deepEqual([scenario.study.trials.length, scenario.study.outlookRuns?.minImprovement], [9, 1]);
    suggest(scenario, outlook(0.02));
    for (let run = 1; run <= 7; run++) suggest(scenario, outlook(0.004));
    assert.deepEqual([scenario.study.trials.length, scenario.study.outlookRuns?.minImprovement], [17, 7]);
    suggest(scenario, outlook(0.003));
    assert.deepEqual([scenario.study.trials.length, scenario.study.spentLimit?.outlook], [17, outlook(0.003)]);
    scenario.tick(3);
    for (const trial of scenario.study.trials) {
      const lease = scenario.lease(trial);
      for (const epoch of [0, 1]) assert.equal(scenario.report(lease, epochOf(epoch, 0.8)).kind, "continue");
      assert.equal(complete(scenario, lease), "continue");
    }
    const reason = "the oracle expects an improvement of 0.00300, below budget.minImprovement of 0.01.";
    assert.deepEqual(scenario.study.message, `Ended after 17 trials: ${reason}`);
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs)?.outlook, outlook(0.003));
  });

  it("of the gap ends the search likewise, and the trials under way stay bounded by the other limits", () => {
    const scenario = new Scenario(specOf({ maxTrials: 30, maxGap: 0.1, maxEpochs: 2, parallelTrials: 30 }), 2);
    scenario.complete(0.8);
    for (let run = 1; run <= 8; run++) suggest(scenario, outlook(1, 0.09));
    const lease = scenario.lease(scenario.trial(1));
    assert.equal(scenario.study.spentLimit?.limit, "maxGap");
    scenario.report(lease, epochOf(0, 0.8));
    assert.deepEqual(scenario.report(lease, epochOf(1, 0.8)), { kind: "stop" });
    assert.equal(scenario.study.message, "Ended by its budget of 2 epochs after 8 trials.");
  });

  it("can only shrink in an extension, below what the oracle expects", () => {
    const scenario = new Scenario(specOf({ maxTrials: 30, minImprovement: 0.01 }));
    for (let run = 1; run <= 8; run++) {
      suggest(scenario, outlook(0.004));
      if (run < 8) scenario.train(scenario.trial(run - 1), 0.8);
    }
    scenario.select("0");
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "No data." });
    scenario.submit({ type: "stop-study", reason: "Enough." });
    const larger = rejected({ code: "LIMIT_LARGER", limit: "minImprovement", max: 0.01 });
    assert.deepEqual(scenario.submit(extend({ minImprovement: 0.02 })), larger);
    const spent = rejected({ code: "LIMIT_SPENT", limit: "minImprovement", max: 0.005, used: 0.004 });
    assert.deepEqual(scenario.submit(extend({ minImprovement: 0.005 })), spent);
    assert.deepEqual(scenario.submit(extend({ minImprovement: 0.001 })), { kind: "done" });
    assert.deepEqual([scenario.study.status, scenario.study.outlookRuns], ["active", undefined]);
  });
});
