import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activeMs, studyWaiting, trialWaiting } from "./query/waiting.js";
import { Scenario, specOf } from "./scenario.fixture.js";

function reasonOf(scenario: Scenario): string | undefined {
  const { reason, message } = studyWaiting(scenario.state) ?? {};
  return reason === undefined ? undefined : `${reason}: ${message}`;
}

describe("a study says why it waits", () => {
  it("for the test split", () => {
    const scenario = new Scenario();
    scenario.submit({ type: "test-data-checked", fault: "t10k-labels is damaged." });
    const message = "No trial starts before the test split can be read: t10k-labels is damaged.";
    assert.equal(reasonOf(scenario), `test-data: ${message}`);
  });

  it("for trainers, and for trainers that are all set aside", () => {
    const scenario = new Scenario(specOf(), 0);
    assert.equal(reasonOf(scenario), "trainers: No trainer calls the coordinator.");
    scenario.tick(1);
    const lease = scenario.lease(scenario.suggest());
    assert.equal(reasonOf(scenario), undefined, "its only trainer has work");
    scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "The engine cannot start." });
    assert.equal(
      reasonOf(scenario),
      "trainers-set-aside: The only trainer is set aside. trainer-1: The engine cannot start.",
    );
  });

  it("for its oracle", () => {
    assert.equal(reasonOf(new Scenario()), "oracle: The oracle computes the values of trial 0.");
  });

  it("for its own limit of parallel trials", () => {
    const scenario = new Scenario(specOf({ parallelTrials: 1 }), 3);
    scenario.suggest();
    assert.equal(
      reasonOf(scenario),
      "parallel-trials: budget.parallelTrials is 1, so 2 of 3 trainers have no trial of this study.",
    );
  });

  it("for a paused evaluation", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    scenario.select("0");
    assert.equal(reasonOf(scenario), undefined);
    scenario.submit({ type: "evaluation-failed", message: "Trial 0 could not be evaluated." });
    assert.match(reasonOf(scenario) ?? "", /^evaluation: Trial 0 could not be evaluated\. The coordinator tries again/);
  });
});

it("a queued trial says what it waits for", () => {
  const scenario = new Scenario(specOf(), 2);
  const trial = scenario.suggest();
  assert.equal(trialWaiting(scenario.study, trial)?.message, "Waits for a free trainer.");
  const lease = scenario.lease(trial);
  assert.equal(trialWaiting(scenario.study, scenario.trial(0)), undefined);
  scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "No data." });
  assert.equal(
    trialWaiting(scenario.study, scenario.trial(0))?.message,
    "Waits for a trainer that is not set aside. trainer-1 is: No data.",
  );
});

it("the active time of a study ends with it and excludes pauses, recorded or not", () => {
  const { study } = new Scenario();
  const { createdAt } = study;
  assert.equal(activeMs(study, createdAt + 5_000), 5_000);
  assert.equal(activeMs({ ...study, pausedMs: 3_000 }, createdAt + 5_000), 2_000);
  const resumed = { ...study, changedAt: createdAt + 1_000 };
  assert.equal(activeMs(resumed, createdAt + 9_000, createdAt + 7_000), 3_000);
  assert.equal(activeMs({ ...resumed, pausedMs: 500, endedAt: createdAt + 2_000 }, createdAt + 9_000), 1_500);
  assert.equal(activeMs(study, createdAt - 5_000), 0, "a clock that was set back");
});
