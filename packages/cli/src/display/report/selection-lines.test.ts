import assert from "node:assert/strict";
import { test } from "node:test";
import { SelectionRule } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../study/documents/results.js";
import { aCompletedTrial, aSelection, aStudy } from "../../study/study.fixture.js";
import { selectionLines } from "./selection-lines.js";

/** The lines about the choice of trial 07. */
function linesOf(fields: Parameters<typeof aSelection>[1] = {}, objective = 0.9851): string[] {
  const study = aStudy({ bestTrialId: "07", selection: aSelection("07", fields) });
  return selectionLines(resultsDocument(study, [aCompletedTrial("07", objective)]));
}

test("the choice states the measured and the expected objective, the tied trials and the optimism", () => {
  assert.deepEqual(linesOf(), [
    "Selected trial 07: the best posterior mean.",
    "Trial 07: val_accuracy 0.9851 measured, 0.9846 expected (95 % interval 0.9839 to 0.9853).",
    "3 trials are statistically tied with trial 07: 02, 04, 09.",
    "Trial 07 is the best measured of 10 trials: 0.0005 better than expected.",
  ]);
});

test("the best measured trial is named if another one was chosen", () => {
  assert.deepEqual(linesOf({ bestMeasuredTrialId: "03", optimism: 0.0012, tiedTrialIds: [] }).slice(2), [
    "No other trial is statistically tied with trial 07.",
    "Trial 03 measured better than trial 07, but one measurement is partly luck: without the noise of a training " +
      "the model expects the better objective of trial 07.",
  ]);
  assert.match(linesOf({ optimism: -0.0012 })[3] ?? "", /of 10 trials: 0.0012 worse than expected\.$/);
});

test("a choice without a surrogate states the reason and no expectation", () => {
  const note = "There are too few trials for a model; the best measured trial was chosen.";
  const fields = { rule: SelectionRule.OBSERVED, expected: undefined, optimism: undefined, tiedTrialIds: [], note };
  assert.deepEqual(linesOf(fields), [
    "Selected trial 07: the best measured objective.",
    "Trial 07: val_accuracy 0.9851 measured.",
    note,
  ]);
});

test("the number of decimals fits the width of the interval at every magnitude", () => {
  const around = (mean: number, margin: number) => ({ expected: { mean, low: mean - margin, high: mean + margin } });
  assert.match(linesOf({ ...around(1234.5678, 30), optimism: 12 }, 1250.1)[1] ?? "", /1250 measured, 1235 expected/);
  assert.match(
    linesOf({ ...around(0.867, 0.014) }, 0.8675)[1] ?? "",
    /0.8675 measured, 0.867 expected .*0.853 to 0.881/,
  );
  assert.match(linesOf({ ...around(0.5, 0), optimism: 0 }, 0.5)[1] ?? "", /0.5 measured, 0.5 expected .*0.5 to 0.5/);
  assert.match(linesOf({ ...around(-4e-6, 5e-5) }, 0)[1] ?? "", / 0\.00000 expected .* -0\.00005 to 0\.00005\)/);
  assert.match(linesOf({ ...around(3e300, 1e300), optimism: 0 }, 3e300)[1] ?? "", /3e\+300 expected/);
});

test("a measured mean is called so and keeps its digits", () => {
  const study = aStudy({ bestTrialId: "07", selection: aSelection("07", { tiedTrialIds: [] }) });
  const trial = aCompletedTrial("07", 0.98507, { executionObjectives: [0.985, 0.9851], executionDeviation: 7e-5 });
  assert.equal(
    selectionLines(resultsDocument(study, [trial]))[1],
    "Trial 07: val_accuracy 0.9851 measured (mean of 2 executions), 0.9846 expected (95 % interval 0.9839 to 0.9853).",
  );
});

test("at most ten tied trials are named", () => {
  const tiedTrialIds = Array.from({ length: 12 }, (_, i) => String(i + 10));
  assert.match(linesOf({ tiedTrialIds })[2] ?? "", /12 trials are .*: 10, 11, .*, 19 and 2 more\./);
});

test("there are no lines before the choice", () => {
  assert.deepEqual(selectionLines(resultsDocument(aStudy({ bestTrialId: "07" }), [aCompletedTrial("07", 0.9)])), []);
});
