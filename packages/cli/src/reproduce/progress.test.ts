import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { type ResultsDocument, resultsDocument } from "../study/documents/results.js";
import { loadSpec } from "../study/spec/experiments.js";
import { aCompletedTrial, aStudy, aTrial } from "../study/study.fixture.js";
import { endedExperiments, endedStudies, isDone, outstanding } from "./progress.js";

const spec = loadSpec("mnist-init");
const results = resultsDocument(aStudy({ state: StudyState.COMPLETED, bestTrialId: "00" }), [
  aCompletedTrial("00", 0.98),
  aTrial("01"),
]);
const failed = resultsDocument(aStudy({ state: StudyState.FAILED }), []);
const refit: ResultsDocument = results;

test("study and refit are done in turn, and what has ended is not done again", () => {
  assert.deepEqual(outstanding({ spec }), { spec, study: true, refit: true });
  assert.deepEqual(outstanding({ spec, results }), { spec, study: false, refit: true });
  assert.deepEqual(outstanding({ spec, results, refit }), { spec, study: false, refit: false });
  assert.deepEqual([{ spec }, { spec, results }, { spec, results, refit }].map(isDone), [false, false, true]);
});

test("a study without a best trial has no refit to wait for", () => {
  assert.ok(isDone({ spec, results: failed }));
  assert.deepEqual(endedExperiments([{ spec, results: failed }]), [{ spec, results: failed, refit: undefined }]);
});

test("an experiment whose refit is outstanding has not ended, but tells how long a trial takes", () => {
  const experiments = [{ spec }, { spec, results }];
  assert.deepEqual(endedExperiments(experiments), []);
  // The trial of the fixture ran from second 10 to second 90; the other one has not completed.
  assert.deepEqual(endedStudies(experiments), [{ spec, trials: 1, trialSeconds: 80 }]);
});
