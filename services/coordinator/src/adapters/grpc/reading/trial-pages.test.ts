import assert from "node:assert/strict";
import { test } from "node:test";
import { ListTrialsResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import { trialIdOf } from "@sintonia/protocol/names.fixture";
import { epochOf, Scenario, specOf } from "../../../core/scenario.fixture.js";
import { NO_LOSSES } from "../../../core/state/failures.js";
import type { Study, Trial } from "../../../core/state/study.js";
import {
  type ListedTrials,
  measuredPage,
  type PagePosition,
  pageToken,
  positionOf,
  trialPage,
  trialPages,
} from "./trial-pages.js";

test("splits trials into pages of at most 500, each trial once and in order", () => {
  const study = studyOf(1_201, 0);
  const pages = pagesOf(study);
  assert.deepEqual(
    pages.map(({ length }) => length),
    [500, 500, 201],
  );
  assert.deepEqual(
    pages.flat(),
    study.trials.map(({ id }) => id),
  );
  assert.deepEqual(pagesOf(studyOf(500, 0)).length, 1);
});

test("a page has at most as many trials as asked, with and without measurements", () => {
  const trials = { ...listed(studyOf(7, 2)), pageSize: 3 };
  assert.deepEqual(
    [...trialPages(trials)].map(({ trials: page }) => page.length),
    [3, 3, 1],
  );
  const { trials: page, next } = measuredPage(trials, { trial: 3, measurement: 0 });
  assert.deepEqual(
    page.map(({ id }) => id),
    ["0003", "0004", "0005"],
  );
  assert.deepEqual(next, { trial: 6, measurement: 0 });
  assert.equal(trialPage({ ...trials, pageSize: 10_000 }, { trial: 0, measurement: 0 }).trials.length, 7);
});

test("splits measurements into pages of at most 5,000, each once and in order", () => {
  for (const epochs of [0, 1, 2_000, 5_000, 6_000, 12_500]) {
    const study = studyOf(6, epochs);
    const pages = measuredPages(study);
    for (const page of pages) {
      const count = page.reduce((sum, { measurements }) => sum + measurements.length, 0);
      assert.ok(count <= 5_000, `${count} measurements of ${epochs}`);
    }
    for (const { id, measurements } of study.trials) {
      const read = pages.flat().filter((trial) => trial.id === id);
      assert.deepEqual(
        read.flatMap((trial) => trial.measurements.map(({ epoch }) => epoch)),
        measurements.slice().map(({ epoch }) => epoch),
        `trial ${id} of ${epochs} epochs`,
      );
    }
  }
});

test("keeps a page below four megabytes, whatever the texts of its trials and the metrics of its epochs", () => {
  const study = studyOf(600, 40);
  const metrics = Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`${n}`.padStart(100, "m"), 0.5]));
  const trials = study.trials.map((trial) => ({
    ...trial,
    message: "\u{1f600}".repeat(500),
    lease: { token: 1, trainerId: "\u{1f600}".repeat(64) },
    measurements: trial.measurements.slice().map((measurement) => ({ ...measurement, metrics })),
  }));
  const large = { ...study, trials };
  for (const pages of [[...trialPages(listed(large))].map(({ trials: page }) => page), measuredPages(large)]) {
    for (const page of pages) {
      assert.ok(ListTrialsResponse.encode({ trials: page, nextPageToken: "1:1" }).finish().length < 4 * 1024 * 1024);
    }
    assert.equal(new Set(pages.flat().map(({ id }) => id)).size, 600);
  }
  assert.equal(
    measuredPages(large)
      .flat()
      .flatMap(({ measurements }) => measurements).length,
    600 * 40,
  );
});

test("returns one empty page for a study without trials", () => {
  assert.deepEqual(pagesOf(studyOf(0, 0)), [[]]);
  assert.deepEqual(measuredPages(studyOf(0, 0)), [[]]);
});

test("reads the token of every position, and no other text", () => {
  for (const position of [
    { trial: 7, measurement: 0 },
    { trial: 0, measurement: 5_000 },
  ])
    assert.deepEqual(positionOf(pageToken(position)), position);
  for (const text of ["-1", "x", "1:", ":1", "1:2:3", "1e3", " 1", "99999999999"])
    assert.equal(positionOf(text), undefined);
});

function listed(study: Study): ListedTrials {
  return { study, trials: study.trials, trainers: undefined };
}

function measuredPages(study: Study): TrialMessage[][] {
  const pages: TrialMessage[][] = [];
  for (let next: PagePosition | undefined = { trial: 0, measurement: 0 }; next !== undefined; ) {
    const page: ReturnType<typeof measuredPage> = measuredPage(listed(study), next);
    pages.push(page.trials);
    next = page.next;
  }
  return pages;
}

function pagesOf(study: Study): string[][] {
  return [...trialPages(listed(study))].map(({ trials }) => trials.map(({ id }) => id));
}

function studyOf(count: number, epochs: number): Study {
  const spec = { ...specOf(), training: { maxEpochs: 12_500 } };
  const measurements = Array.from({ length: epochs }, (_, epoch) => epochOf(epoch, 0.5));
  const trials = Array.from(
    { length: count },
    (_, number): Trial => ({
      id: trialIdOf(String(number).padStart(4, "0")),
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
