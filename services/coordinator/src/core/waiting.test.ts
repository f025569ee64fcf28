import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activeMs, logWait, studyWaiting, trainersOf, trialWaiting } from "./query/waiting.js";
import { Scenario, specOf } from "./scenario.fixture.js";
import { initialTransient } from "./state/state.js";

const START = "Start one with: node services/trainer/dist/main.js";
const NEXT = "The next one that becomes free takes a trial; a further trainer takes one at once.";
const MEND = "Mend this; a trainer that starts again gets trials at once.";

function reasonOf(scenario: Scenario): string | undefined {
  const { reason, message } = studyWaiting(scenario.state) ?? {};
  return reason === undefined ? undefined : `${reason}: ${message}`;
}

/** Lets time pass with trainers of which some hold leases, of any study. */
function tick(scenario: Scenario, live: number, busy: number): void {
  const trainerIds = Array.from({ length: live }, (_, index) => `trainer-${index + 1}`);
  const busyTrainerIds = trainerIds.slice(0, busy);
  scenario.submit({ type: "tick", capacity: live, trainerIds, busyTrainerIds });
}

describe("a study says why it waits", () => {
  it("for the test split", () => {
    const scenario = new Scenario();
    scenario.submit({ type: "test-data-checked", fault: "t10k-labels is damaged." });
    const message = "No trial starts before the test split can be read: t10k-labels is damaged.";
    const advice = "The coordinator looks again within ten minutes; a restart does so at once.";
    assert.equal(reasonOf(scenario), `test-data: ${message} ${advice}`);
  });

  it("for trainers, and for trainers that are all set aside", () => {
    const scenario = new Scenario(specOf(), 0);
    assert.equal(reasonOf(scenario), `no-trainers: No trainer calls the coordinator. ${START}`);
    scenario.tick(1);
    const lease = scenario.lease(scenario.suggest());
    assert.equal(reasonOf(scenario), undefined, "its only trainer has work");
    scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "The engine cannot start" });
    const aside = "The only trainer is set aside. trainer-1: The engine cannot start.";
    assert.equal(reasonOf(scenario), `trainers-set-aside: ${aside} ${MEND}`);
  });

  it("for trainers that are all busy with other studies, but not while it has one of them", () => {
    const scenario = new Scenario(specOf(), 2);
    const trial = scenario.suggest();
    tick(scenario, 2, 1);
    assert.equal(studyWaiting(scenario.state)?.reason, "oracle", "one trainer is free");
    tick(scenario, 2, 2);
    assert.equal(reasonOf(scenario), `trainers: All 2 trainers are busy with other studies. ${NEXT}`);
    assert.deepEqual(studyWaiting(scenario.state)?.trainers, { live: 2, cordoned: 0, unfit: 0, usable: 2, busy: 2 });
    scenario.lease(trial);
    tick(scenario, 2, 2);
    assert.notEqual(studyWaiting(scenario.state)?.reason, "trainers");
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

  it("for room in the store, before all else", () => {
    const scenario = new Scenario(specOf(), 0);
    scenario.submit({ type: "tick", capacity: 0, trainerIds: [], storageFault: "no space left on device" });
    const fact = "No new trial starts, since nothing can be stored: no space left on device.";
    assert.equal(
      reasonOf(scenario),
      `state-folder: ${fact} Make room or mend the store; the study then goes on by itself.`,
    );
  });

  it("for a log that cannot be written", () => {
    assert.equal(
      logWait("NATS does not answer").message,
      "The study log cannot be written: NATS does not answer. " +
        "The study goes on by itself once NATS stores records again.",
    );
  });

  it("for a waiting evaluation", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    scenario.select("0");
    assert.equal(reasonOf(scenario), undefined);
    scenario.submit({ type: "evaluation-failed", trialId: "0", message: "Trial 0 could not be evaluated." });
    assert.match(reasonOf(scenario) ?? "", /^evaluation: Trial 0 could not be evaluated\. The coordinator tries again/);
  });

  it("and claims nothing before the first tick", () => {
    const { study } = new Scenario(specOf(), 0);
    assert.equal(studyWaiting({ study, transient: initialTransient() }), undefined);
  });
});

describe("a queued trial says what it waits for", () => {
  const waitOf = (scenario: Scenario): string | undefined => {
    const { study, transient } = scenario.state;
    return trialWaiting(study, scenario.trial(0), trainersOf({ study, transient }))?.message;
  };

  it("with the number of trainers that live and are busy", () => {
    const scenario = new Scenario(specOf(), 2);
    const trial = scenario.suggest();
    tick(scenario, 0, 0);
    assert.equal(waitOf(scenario), `No trainer calls the coordinator. ${START}`);
    tick(scenario, 3, 3);
    assert.equal(waitOf(scenario), `All 3 trainers are busy with other trials. ${NEXT}`);
    tick(scenario, 3, 2);
    assert.equal(
      waitOf(scenario),
      "1 of 3 trainers is free: the first that NATS gives the assignment takes the trial.",
    );
    scenario.lease(trial);
    assert.equal(waitOf(scenario), undefined);
  });

  it("with the trainers that are set aside", () => {
    const scenario = new Scenario(specOf(), 2);
    const lease = scenario.lease(scenario.suggest());
    scenario.submit({ type: "fail-trial", lease, kind: "trainer", message: "No data." });
    const { trainerId } = scenario.study.setAside[0] ?? {};
    tick(scenario, 2, 0);
    assert.equal(
      waitOf(scenario),
      "1 of 1 trainers is free: the first that NATS gives the assignment takes the trial. " +
        `1 of 2 are set aside. ${trainerId}: No data.`,
    );
    tick(scenario, 1, 0);
    assert.equal(waitOf(scenario), `The only trainer is set aside. ${trainerId}: No data. ${MEND}`);
  });

  it("and nothing if no coordinator runs its study", () => {
    const scenario = new Scenario();
    assert.equal(trialWaiting(scenario.study, scenario.suggest(), undefined), undefined);
  });
});

it("the active time of a study ends with it and excludes pauses, recorded or not", () => {
  const { study } = new Scenario();
  const { createdAt } = study;
  assert.equal(activeMs(study, createdAt + 5_000), 5_000);
  assert.equal(activeMs({ ...study, interruptedMs: 3_000 }, createdAt + 5_000), 2_000);
  const resumed = { ...study, changedAt: createdAt + 1_000 };
  assert.equal(activeMs(resumed, createdAt + 9_000, createdAt + 7_000), 3_000);
  assert.equal(activeMs({ ...resumed, interruptedMs: 500, endedAt: createdAt + 2_000 }, createdAt + 9_000), 1_500);
  assert.equal(activeMs(study, createdAt - 5_000), 0, "a clock that was set back");
});
