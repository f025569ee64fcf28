import assert from "node:assert/strict";
import { test } from "node:test";
import { epochOf, Scenario, specOf } from "../../core/scenario.fixture.js";
import { NO_LOSSES } from "../../core/state/losses.js";
import type { Study, Trial } from "../../core/state/study.js";
import { trialPages } from "./trial-pages.js";

test("splits trials into pages of at most 500, each trial once and in order", () => {
  const study = studyOf(1_201, 0);
  const pages = pagesOf(study, false);
  assert.deepEqual(
    pages.map(({ length }) => length),
    [500, 500, 201],
  );
  assert.deepEqual(
    pages.flat(),
    study.trials.map(({ id }) => id),
  );
  assert.deepEqual(pagesOf(studyOf(500, 0), false).length, 1);
});

test("shortens pages with many measurements, down to a single trial that exceeds the limit", () => {
  const lengths = (epochs: number) => pagesOf(studyOf(6, epochs), true).map(({ length }) => length);
  assert.deepEqual(lengths(2_000), [2, 2, 2]);
  assert.deepEqual(lengths(6_000), [1, 1, 1, 1, 1, 1]);
  assert.deepEqual(pagesOf(studyOf(6, 6_000), false).length, 1);
});

test("returns one empty page for a study without trials", () => {
  assert.deepEqual(pagesOf(studyOf(0, 0), true), [[]]);
});

function pagesOf(study: Study, withMeasurements: boolean): string[][] {
  return [...trialPages(study, study.trials, withMeasurements)].map(({ trials }) => trials.map(({ id }) => id));
}

function studyOf(count: number, epochs: number): Study {
  const spec = { ...specOf(), training: { maxEpochs: 6_000 } };
  const measurements = Array.from({ length: epochs }, (_, epoch) => epochOf(epoch, 0.5));
  const trials = Array.from(
    { length: count },
    (_, number): Trial => ({
      id: String(number).padStart(4, "0"),
      number,
      state: "cancelled",
      values: { stddev: 0.05 },
      source: "model",
      attempt: 1,
      measurements,
      checkpoints: [],
      losses: NO_LOSSES,
    }),
  );
  return { ...new Scenario(spec, 0).study, trials };
}
