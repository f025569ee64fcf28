import assert from "node:assert/strict";
import { test } from "node:test";
import { Scenario, specOf } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";
import { findTrialByNumber, type Study, trialIdOf } from "./state/study.js";

/** A study whose log of 0.1 gave its trials the ids 00 and 01. */
function paddedStudy(): Study {
  const queued = ["00", "01"].map((trialId) => ({
    type: "trial-queued" as const,
    trialId,
    values: { stddev: 0.05 },
    source: "random" as const,
  }));
  const created = { type: "study-created", studyId: "old", spec: specOf({ maxTrials: 12 }) } as const;
  const study = evolveAll(undefined, [created, ...queued], 0);
  assert.ok(study);
  return study;
}

test("the id of a trial does not depend on the budget", () => {
  for (const maxTrials of [3, 30, 3_000]) {
    const scenario = new Scenario(specOf({ maxTrials }), 2);
    assert.deepEqual([scenario.suggest().id, scenario.suggest().id], ["0", "1"], `${maxTrials} trials`);
  }
  assert.equal(trialIdOf(12, { trials: [] }), "12");
});

test("a study of an earlier version replays and keeps the width of its ids", () => {
  const study = paddedStudy();
  assert.deepEqual(
    study.trials.map(({ id }) => id),
    ["00", "01"],
  );
  assert.equal(trialIdOf(2, study), "02");
});

test("a trial is found by its number, with or without zeros before the digits", () => {
  const study = paddedStudy();
  for (const text of ["1", "01", "001"]) assert.equal(findTrialByNumber(study, text)?.id, "01", text);
  for (const text of ["2", "-1", "1.0", "", "one", " 1"]) assert.equal(findTrialByNumber(study, text), undefined, text);
});

test("a log whose trials are out of order is refused", () => {
  const event = { type: "trial-queued", trialId: "5", values: {}, source: "random" } as const;
  assert.throws(() => evolveAll(paddedStudy(), [event], 0), /expects trial number 2, the log has 5/);
});
