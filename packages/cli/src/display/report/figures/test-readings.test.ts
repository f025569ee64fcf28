import assert from "node:assert/strict";
import { test } from "node:test";
import { TestResult } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../../study/documents/results.js";
import { aCompletedTrial, aSelection, aStudy, at } from "../../../study/study.fixture.js";
import { testReadingLines } from "./test-readings.js";

const TRIALS = [aCompletedTrial("0", 0.98), aCompletedTrial("1", 0.99)];
const test0 = TestResult.fromPartial({ accuracy: 0.97, accuracyLow: 0.96, accuracyHigh: 0.98, examples: 10_000 });
const test1 = { ...test0, accuracy: 0.975 };

function linesOf(bestTrialId: string, figures: TestResult | undefined, trialIds: readonly string[]): readonly string[] {
  const testReadings = trialIds.map((trialId) => {
    return { trialId, endedAt: at(100), test: trialId === "0" ? test0 : test1, metrics: {} };
  });
  return testReadingLines(resultsDocument(aStudy({ bestTrialId, test: figures, testReadings }), TRIALS));
}

test("a study that was never extended after its end has nothing to say about its one reading", () => {
  assert.deepEqual(linesOf("0", test0, ["0"]), []);
  assert.deepEqual(linesOf("0", undefined, []), []);
});

test("the figures of a second reading are those of a model that was chosen with the first ones known", () => {
  const [count, other, ...more] = linesOf("1", test1, ["0", "1"]);
  assert.match(count ?? "", /read 2 times: .* reading 2 of 2 .* chosen after those of the first were known/);
  assert.match(other ?? "", /^Another reading, of trial 0: .*97\.00 %/);
  assert.deepEqual(more, []);
});

test("a trial that is chosen again has the figures of its first reading", () => {
  assert.match(linesOf("0", test0, ["0", "1"])[0] ?? "", /read 2 times: these are the figures of the first reading/);
});

test("a study that goes on says what has been read so far", () => {
  assert.match(linesOf("1", undefined, ["0"])[0] ?? "", /read 1 time: the next reading will be of a model/);
});

test("the readings of a front's other trials are its tests, and no model was chosen after them", () => {
  const spec = JSON.stringify({ ...JSON.parse(aStudy().specJson), testFront: true });
  const front = ["0", "1"].map((trialId) => ({ trialId, outcomes: [] }));
  const study = aStudy({
    specJson: spec,
    objectives: [],
    limits: ["size <= 1"],
    bestTrialId: "1",
    test: test1,
    selection: aSelection("1", { front }),
    testReadings: ["0", "1"].map((trialId) => {
      return { trialId, endedAt: at(100), test: trialId === "0" ? test0 : test1, metrics: {} };
    }),
  });
  const lines = testReadingLines(resultsDocument(study, TRIALS));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^Test of trial 0 of the front: .*97\.00 %/);
});
