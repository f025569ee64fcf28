import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { type ResultsDocument, resultsDocument } from "../study/documents/results.js";
import { loadNamedDataStudy } from "../study/spec/experiments.js";
import { aCompletedTrial, aStudy, aTrial } from "../study/study.fixture.js";
import { endedExperiments, endedStudies, isDone, remainingWork } from "./progress.js";

const spec = loadNamedDataStudy("mnist-init");
const results = resultsDocument(aStudy({ state: StudyState.COMPLETED, bestTrialId: "00" }), [
  aCompletedTrial("00", 0.98),
  aTrial("01"),
]);
const failed = resultsDocument(aStudy({ state: StudyState.FAILED }), []);
const refit: ResultsDocument = results;

test("the refit remains after the study, and nothing remains after both", () => {
  assert.deepEqual(remainingWork({ spec }), { spec, study: true, refit: true });
  assert.deepEqual(remainingWork({ spec, results }), { spec, study: false, refit: true });
  assert.deepEqual(remainingWork({ spec, results, refit }), { spec, study: false, refit: false });
  assert.deepEqual([{ spec }, { spec, results }, { spec, results, refit }].map(isDone), [false, false, true]);
});

test("no refit remains after a study without a best trial", () => {
  assert.ok(isDone({ spec, results: failed }));
  assert.deepEqual(endedExperiments([{ spec, results: failed }]), [{ spec, results: failed, refit: undefined }]);
});

test("an experiment with a remaining refit has not ended, but its study's duration is known", () => {
  const experiments = [{ spec }, { spec, results }];
  assert.deepEqual(endedExperiments(experiments), []);
  // The trial of the fixture ran from second 10 to second 90; the other one has not completed.
  assert.deepEqual(endedStudies(experiments), [{ spec, trials: 1, trialSeconds: 80 }]);
});
