import assert from "node:assert/strict";
import { it } from "node:test";
import { Scenario, specOf } from "../scenario.fixture.js";
import type { Study } from "../state/study.js";
import { wantedTrainers } from "./wanted-trainers.js";

function study(budget: Parameters<typeof specOf>[0], change: Partial<Study> = {}): Study {
  return { ...new Scenario(specOf(budget), 4).study, ...change };
}

it("wants a trainer for each trial that could run", () => {
  const done = Array.from({ length: 7 }) as Study["trials"];
  for (const [wanted, given] of [
    [10, study({ maxTrials: 10 })],
    [4, study({ maxTrials: 10, parallelTrials: 4 })],
    [3, study({ maxTrials: 10 }, { trials: done, outstandingCount: 0 })],
    [5, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2 })],
    [2, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2, oracleExhausted: true })],
    [2, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2, searchEnded: true })],
    [6, study({ maxTrials: 10, parallelTrials: 4 }, { trials: done, outstandingCount: 6 })],
    [0, study({ maxTrials: 10 }, { status: "finalizing" })],
    [0, study({ maxTrials: 10 }, { status: "completed" })],
  ] as const) {
    assert.equal(wantedTrainers(given), wanted);
  }
});
