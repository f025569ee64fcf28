// The choice of the best trial: requests, answers and replicates.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { selectBest } from "@sintonia/tuning/selection/select-best";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { recover } from "./apply.js";
import { bestTrial } from "./query/objective.js";
import { selectionRequest, suggestionRequest } from "./query/oracle-request.js";
import { expectedTrials } from "./query/replicates.js";
import { epochOf, RULES, Scenario, selectionOf, specOf, TEST_RESULT, WEIGHTS } from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { evolveAll } from "./state/evolve.js";

const EVALUATED = { type: "best-evaluated", trialId: "0", test: TEST_RESULT, models: [] } as const;

/** A spec of three trials; each of the two contenders has two replicates. */
function replicateSpec(budget: Partial<StudySpec["budget"]> = {}): StudySpec {
  return { ...specOf(budget), selection: { rule: "replicate", top: 2, executions: 2 } };
}

/** Returns a study with the contenders 1 and 0. Clears the effects. */
function replicating(spec = replicateSpec(), capacity = 1): Scenario {
  const scenario = new Scenario(spec, capacity);
  for (const value of [0.8, 0.9, 0.7].slice(0, spec.budget.maxTrials)) scenario.complete(value);
  assert.deepEqual(scenario.takeEffects().at(-1), { type: "choose-contenders", count: 2, reopenings: 0 });
  scenario.contend("1", "0");
  return scenario;
}

/** Leases all queued trials in order. */
function completeQueued(scenario: Scenario, values: readonly number[]): void {
  for (const value of values) {
    const queued = scenario.study.trials.find(({ state }) => state === "queued");
    assert.ok(queued !== undefined, `a trial waits for ${value}`);
    scenario.train(queued, value);
  }
}

describe("the choice of the best trial", () => {
  it("is made once, and later or repeated answers change nothing", () => {
    const scenario = new Scenario(specOf({ maxTrials: 2 }));
    for (const value of [0.8, 0.9]) scenario.complete(value);
    scenario.submit(EVALUATED);
    assert.equal(scenario.study.status, "finalizing", "nothing is evaluated before the choice");
    scenario.select("0");
    scenario.select("1");
    assert.deepEqual(scenario.study.selection, selectionOf("0"));
    assert.equal(bestTrial(scenario.study)?.id, "0", "the choice counts, not what was measured");
    scenario.submit(EVALUATED);
    scenario.select("1");
    assert.equal(scenario.study.bestTrialId, "0");
    const replayed = evolveAll(undefined, scenario.events, scenario.now().wallMs);
    assert.equal(JSON.stringify(replayed), JSON.stringify(scenario.study), "and replays without being computed");
  });

  it("is made among the completed trials when a person stops the study", () => {
    const scenario = new Scenario();
    scenario.complete(0.8);
    scenario.suggest();
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "select-best" });
    const { trials, history } = selectionRequest(scenario.study);
    assert.deepEqual([trials.map(({ id }) => id), history.pending], [["0"], []]);
    scenario.select("0");
    scenario.submit(EVALUATED);
    assert.equal(scenario.study.status, "stopped");
  });

  it("is requested again after a crash until the answer arrives", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    assert.deepEqual(recover(scenario.study, scenario.now(), RULES).effects, [{ type: "select-best" }]);
    scenario.select("0");
    const after = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(after.effects, [{ type: "evaluate-best", trialId: "0", weights: WEIGHTS }]);
  });

  it("is the best measured trial so far while the study is active", () => {
    const scenario = new Scenario();
    for (const value of [0.8, 0.9]) scenario.complete(value);
    assert.equal(bestTrial(scenario.study)?.id, "1");
    assert.equal(scenario.study.bestTrialId, undefined);
  });

  it("is part of study-finalizing in logs of version 0.1", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    const old = scenario.events.map((event): StudyEvent => {
      if (event.type === "study-finalizing") return { ...event, bestTrialId: "0" };
      if (event.type !== "trial-completed") return event;
      const { objectives: _, ...rest } = event;
      return rest;
    });
    const study = evolveAll(undefined, old, 0);
    assert.ok(study !== undefined);
    const step = recover(study, scenario.now(), RULES);
    assert.deepEqual(step.effects, [{ type: "evaluate-best", trialId: "0", weights: WEIGHTS }]);
    assert.deepEqual(suggestionRequest(study, 1).completed, [{ values: { stddev: 0.05 }, objective: 0.9 }]);
  });
});

describe("executions of a trial", () => {
  it("reach the oracle with their number and variance", () => {
    const scenario = new Scenario(specOf({ executionsPerTrial: 3 }));
    const lease = scenario.lease(scenario.suggest());
    for (const [execution, value] of [0.7, 0.8, 0.9].entries()) scenario.report(lease, epochOf(0, value, execution));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    const [observation] = suggestionRequest(scenario.study, 1).completed;
    assert.equal(observation?.executions?.count, 3);
    // (0.1² + 0² + 0.1²) / 2, up to rounding.
    assert.ok(Math.abs((observation?.executions?.variance ?? 0) - 0.01) < 1e-15);
  });
});

describe("replicates of the best trials", () => {
  it("are trials beyond the budget, one round after another, as many at once as trainers are free", () => {
    const scenario = replicating();
    const made = () =>
      scenario.study.trials
        .slice(3)
        .map(({ id, values, source, replicates }) => ({ id, values, source, ...replicates }));
    const replicate = { values: { stddev: 0.05 }, source: "replicate" };
    assert.deepEqual(made(), [{ id: "3", ...replicate, trialId: "1", round: 0 }]);
    assert.deepEqual(scenario.takeEffects(), [{ type: "publish-assignment", trialId: "3", attempt: 1 }]);
    scenario.tick(2);
    completeQueued(scenario, [0.5, 0.6, 0.5, 0.6]);
    assert.deepEqual(
      made().map(({ id, trialId, round }) => [id, trialId, round]),
      [
        ["3", "1", 0],
        ["4", "0", 0],
        ["5", "1", 1],
        ["6", "0", 1],
      ],
    );
    assert.equal(scenario.study.status, "finalizing");
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "select-best" });
  });

  it("decide by their means, and the weights of the contender's first execution are evaluated", () => {
    const scenario = replicating();
    completeQueued(scenario, [0.5, 0.6, 0.5, 0.61]);
    const selection = selectBest(selectionRequest(scenario.study));
    assert.deepEqual([selection.rule, selection.trialId], ["replicate", "0"]);
    scenario.submit({ type: "selection-ready", selection });
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "evaluate-best", trialId: "0", weights: WEIGHTS });
  });

  it("are no observations of the oracle, and never the best measured trial", () => {
    const scenario = replicating();
    completeQueued(scenario, [0.99]);
    assert.equal(bestTrial(scenario.study)?.id, "1");
    const { completed, pending } = suggestionRequest(scenario.study, 3);
    assert.deepEqual([completed.length, pending.length], [3, 0]);
  });

  it("have one execution each, whatever the budget specifies for other trials", () => {
    const scenario = replicating(replicateSpec({ executionsPerTrial: 1, maxTrials: 2 }));
    const spec = replicateSpec({ executionsPerTrial: 2, maxTrials: 2 });
    const several = new Scenario(spec);
    for (const value of [0.8, 0.9]) {
      const lease = several.lease(several.suggest());
      for (const execution of [0, 1]) several.report(lease, epochOf(0, value, execution));
      several.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    }
    several.contend("1", "0");
    for (const study of [scenario, several]) {
      const lease = study.lease(study.trial(2));
      study.report(lease, epochOf(0, 0.5));
      assert.equal(study.report(lease, epochOf(0, 0.5, 1)).kind, "rejected");
      study.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
      assert.deepEqual(study.trial(2).objectives, [0.5]);
    }
  });

  it("may fail without failing the study or the choice", () => {
    const scenario = replicating(replicateSpec({ maxConsecutiveFailures: 1 }));
    for (const kind of ["error", "infeasible", "error", "error"] as const) {
      const trial = scenario.study.trials.find(({ state }) => state === "queued");
      assert.ok(trial !== undefined);
      scenario.submit({ type: "fail-trial", lease: scenario.lease(trial), kind, message: "It broke." });
    }
    assert.equal(scenario.study.status, "finalizing");
    const selection = selectBest(selectionRequest(scenario.study));
    assert.deepEqual([selection.rule, selection.trialId], ["posterior-mean", "1"]);
    assert.match(selection.note ?? "", /do not suffice/);
  });

  it("continue after a crash where they stopped", () => {
    const scenario = new Scenario(replicateSpec());
    for (const value of [0.8, 0.9, 0.7]) scenario.complete(value);
    const before = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(before.effects, [{ type: "choose-contenders", count: 2, reopenings: 0 }]);
    scenario.contend("1", "0");
    scenario.contend("2", "0");
    assert.deepEqual(scenario.study.contenders, ["1", "0"], "the first answer counts");
    const after = recover(scenario.study, scenario.now(), RULES);
    assert.deepEqual(after.effects, [{ type: "publish-assignment", trialId: "3", attempt: 1 }]);
    completeQueued(scenario, [0.5]);
    const replayed = evolveAll(undefined, scenario.events, scenario.now().wallMs);
    assert.equal(JSON.stringify(replayed), JSON.stringify(scenario.study));
  });

  it("are cancelled when the study is stopped, which then chooses from the completed executions", () => {
    const scenario = replicating();
    completeQueued(scenario, [0.5]);
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.equal(scenario.trial(4).state, "cancelled");
    assert.equal(scenario.study.trials.length, 5);
    assert.equal(scenario.study.status, "finalizing");
    const early = new Scenario(replicateSpec());
    for (const value of [0.8, 0.9, 0.7]) early.complete(value);
    early.submit({ type: "stop-study", reason: "enough" });
    early.contend("1", "0");
    assert.deepEqual([early.study.status, early.study.contenders], ["finalizing", undefined]);
  });

  it("are omitted if fewer than two trials can be compared", () => {
    const one = new Scenario(replicateSpec({ maxTrials: 2, maxConsecutiveFailures: 9 }));
    one.fail();
    one.complete(0.9);
    assert.equal(one.study.status, "finalizing");
    const equal = new Scenario(replicateSpec());
    for (const value of [0.8, 0.9, 0.7]) equal.complete(value);
    equal.contend("1");
    assert.equal(equal.study.status, "finalizing");
    assert.equal(equal.study.trials.length, 3);
  });

  it("follow an exhausted oracle, and the study says so", () => {
    const scenario = new Scenario(replicateSpec());
    for (const value of [0.8, 0.9]) scenario.complete(value);
    scenario.submit({ type: "suggestions-ready", trialNumber: 2, basis: 1, suggestions: "exhausted" });
    assert.deepEqual(scenario.takeEffects().at(-1), { type: "choose-contenders", count: 2, reopenings: 0 });
    scenario.contend("1", "0");
    const late = { values: { stddev: 0.01 }, source: "random" } as const;
    scenario.submit({ type: "suggestions-ready", trialNumber: 3, basis: 1, suggestions: [late] });
    completeQueued(scenario, [0.5, 0.6, 0.5, 0.6]);
    assert.deepEqual([scenario.study.trials.length, scenario.study.status], [6, "finalizing"]);
    assert.equal(
      scenario.study.message,
      "The oracle random has no point left (after 2 of 3 trials); widen the parameters, or choose another oracle. " +
        "A new study keeps these results with --warm-start.",
    );
  });

  it("count in the expected number of trials", () => {
    assert.equal(expectedTrials(new Scenario(replicateSpec({ maxTrials: 9 })).study), 13);
    const fewer = replicating(replicateSpec({ maxTrials: 2 }));
    assert.equal(expectedTrials(fewer.study), 6);
  });
});
