import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { enqueuedSuggestion, suggestionRequest } from "./query/oracle-request.js";
import { wantedTrainers } from "./query/wanted-trainers.js";
import { Scenario, specOf } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const point = (stddev: unknown) => ({ type: "enqueue-trial", values: { stddev: stddev as number } }) as const;
const retry = (trialId: string) => ({ type: "retry-trial", trialId }) as const;
const enqueued = (trialId: string, existed = false) => ({ kind: "enqueued", trialId, existed });
const rejected = (rejection: object) => ({ kind: "rejected", rejection });

/** Answers the study's request as the shell does: with the enqueued point. */
function suggestPoint(scenario: Scenario) {
  const { study } = scenario;
  const suggestion = enqueuedSuggestion(study);
  assert.ok(suggestion !== undefined, "a point waits");
  const number = study.trials.length;
  const answer = { trialNumber: number, basis: study.eventCount, suggestions: [suggestion] };
  scenario.submit({ type: "suggestions-ready", ...answer });
  return scenario.trial(number);
}

describe("an enqueued point", () => {
  it("is the next trial, after the points of the spec and before a late suggestion", () => {
    const scenario = new Scenario({ ...specOf({ maxTrials: 4 }), enqueue: [{ stddev: 0.02 }] }, 3);
    assert.deepEqual(scenario.submit(point(0.07)), enqueued("1"));
    const oracle = { values: { stddev: 0.05 }, source: "random" } as const;
    const suggestions = [{ values: { stddev: 0.02 }, source: "enqueued" } as const, oracle, oracle];
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions });
    assert.equal(scenario.study.trials.length, 1, "the oracle's own suggestions came too early");
    assert.deepEqual(scenario.takeEffects().at(-1)?.type, "request-suggestions");
    const trial = suggestPoint(scenario);
    assert.deepEqual([trial.id, trial.values, trial.source], ["1", { stddev: 0.07 }, "enqueued"]);
    assert.equal(enqueuedSuggestion(scenario.study), undefined);
  });

  it("is enqueued once, also after its trial has ended", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }));
    assert.deepEqual(scenario.submit(point(0.07)), enqueued("0"));
    assert.deepEqual(scenario.submit(point(0.07)), enqueued("0", true));
    scenario.train(suggestPoint(scenario), 0.8);
    assert.deepEqual(scenario.submit(point(0.07)), enqueued("0", true));
    assert.deepEqual(scenario.submit(point(0.08)), enqueued("1"));
  });

  it("counts in the budget, and its result is told to the oracle as any other", () => {
    const scenario = new Scenario(specOf({ maxTrials: 2 }));
    for (const stddev of [0.06, 0.07]) scenario.submit(point(stddev));
    assert.deepEqual(scenario.submit(point(0.08)), rejected({ code: "BUDGET_SPENT", maxTrials: 2 }));
    scenario.train(suggestPoint(scenario), 0.8);
    const { completed } = suggestionRequest(scenario.study, 1);
    assert.deepEqual(completed, [{ values: { stddev: 0.06 }, objective: 0.8 }]);
    scenario.train(suggestPoint(scenario), 0.9);
    assert.equal(scenario.study.status, "finalizing");
    const rejection = { code: "STUDY_NOT_ACTIVE", status: "finalizing" };
    assert.deepEqual(scenario.submit(point(0.09)), rejected(rejection));
  });

  it("still runs in a study whose oracle has no further suggestion", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }));
    const first = scenario.suggest();
    scenario.submit({ type: "suggestions-ready", trialNumber: 1, basis: 1, suggestions: "exhausted" });
    scenario.submit(point(0.07));
    assert.equal(wantedTrainers(scenario.study), 2);
    scenario.train(first, 0.8);
    assert.equal(scenario.study.status, "active");
    scenario.train(suggestPoint(scenario), 0.9);
    assert.equal(scenario.study.status, "finalizing");
  });

  it("outruns the end of an oracle that did not know of it", () => {
    const scenario = new Scenario(specOf({ maxTrials: 4 }));
    scenario.submit(point(0.07));
    scenario.submit({ type: "suggestions-ready", trialNumber: 0, basis: 1, suggestions: "exhausted" });
    assert.deepEqual([scenario.study.oracleExhausted, suggestPoint(scenario).id], [undefined, "0"]);
  });

  it("is refused with a line for each wrong value", () => {
    const scenario = new Scenario();
    const problems = (values: object) => {
      const answer = scenario.submit({ type: "enqueue-trial", values: values as Record<string, number> });
      assert.ok(answer.kind === "rejected" && answer.rejection.code === "VALUES_INVALID", JSON.stringify(answer));
      return answer.rejection.problems;
    };
    const expected = "expected a number from 0.01 to 0.1";
    assert.equal(problems({ stddev: 5 }), `stddev: received 5, ${expected}`);
    assert.equal(problems({}), `stddev: received nothing, ${expected}`);
    assert.match(problems({ stddev: 0.05, stdev: 1 }), /^stdev: received 1, .*; did you mean stddev\?$/);
  });
});

describe("a retry", () => {
  it("tries the values of a failed or cancelled trial in a new one, which says so", () => {
    const scenario = new Scenario(specOf({ maxTrials: 5, maxConsecutiveFailures: 9 }));
    const failed = scenario.fail();
    assert.deepEqual(scenario.submit(retry("0")), enqueued("1"));
    assert.deepEqual(scenario.submit(retry("0")), enqueued("1", true));
    const trial = suggestPoint(scenario);
    assert.deepEqual([trial.values, trial.retries], [failed.values, "0"]);
    assert.deepEqual(scenario.trial(0), failed, "the failed trial stays as it is");
    scenario.submit({ type: "cancel-trial", trialId: "1", reason: "It hangs." });
    assert.deepEqual(scenario.submit(retry("1")), enqueued("2"));
    assert.equal(suggestPoint(scenario).retries, "1");
  });

  it("is refused for a trial that has not ended, or ended otherwise", () => {
    const scenario = new Scenario(specOf({ maxTrials: 5 }));
    scenario.complete(0.9);
    scenario.fail("infeasible");
    scenario.suggest();
    const states = ["completed", "infeasible", "queued"].map((state, number) => {
      const rejection = { code: "TRIAL_NOT_RETRYABLE", trialId: String(number), state };
      assert.deepEqual(scenario.submit(retry(String(number))), rejected(rejection));
      return scenario.trial(number).state;
    });
    assert.deepEqual(states, ["completed", "infeasible", "queued"]);
    assert.deepEqual(scenario.submit(retry("9")), rejected({ code: "TRIAL_UNKNOWN", trialId: "9" }));
  });
});

it("enqueued points and retries are the same after a replay", () => {
  const scenario = new Scenario(specOf({ maxTrials: 5, maxConsecutiveFailures: 9 }));
  scenario.fail();
  scenario.submit(retry("0"));
  scenario.submit(point(0.07));
  suggestPoint(scenario);
  const { study } = scenario;
  assert.deepEqual(JSON.parse(JSON.stringify(evolveAll(undefined, scenario.events, scenario.now().wallMs))), study);
  assert.deepEqual(enqueuedSuggestion(study)?.values, { stddev: 0.07 });
});
