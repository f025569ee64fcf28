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

test("a choice says what was measured, what is expected, who is tied and how much was luck", () => {
  assert.deepEqual(linesOf(), [
    "Chosen by posterior mean.",
    "Trial 07: val_accuracy 0.9851 measured, 0.9846 expected (95 % interval 0.9839 to 0.9853); " +
      "3 trials are statistically tied with it: 02, 04, 09; the best of 10 is 0.0005 optimistic.",
  ]);
});

test("a lucky trial that was not chosen is named", () => {
  const [, line] = linesOf({ bestMeasuredTrialId: "03", optimism: 0.0012, tiedTrialIds: [] });
  assert.match(
    line ?? "",
    /; no other trial is statistically tied with it; the best measured of 10, 03, is 0.0012 opti/,
  );
  assert.match(linesOf({ optimism: -0.0012 })[1] ?? "", /the best of 10 is 0.0012 pessimistic\.$/);
});

test("a choice without a model says why, and claims nothing", () => {
  const note = "There are too few trials for a model; the best measured trial was chosen.";
  const fields = { rule: SelectionRule.OBSERVED, expected: undefined, optimism: undefined, tiedTrialIds: [], note };
  assert.deepEqual(linesOf(fields), [
    "Chosen as the best measured one.",
    "Trial 07: val_accuracy 0.9851 measured.",
    note,
  ]);
});

test("numbers have the decimals that the interval leaves a meaning, of whatever size", () => {
  const around = (mean: number, margin: number) => ({ expected: { mean, low: mean - margin, high: mean + margin } });
  assert.match(linesOf({ ...around(1234.5678, 30), optimism: 12 }, 1250.1)[1] ?? "", /1250 measured, 1235 expected/);
  assert.match(
    linesOf({ ...around(0.867, 0.014) }, 0.8675)[1] ?? "",
    /0.868 measured, 0.867 expected .*0.853 to 0.881/,
  );
  assert.match(linesOf({ ...around(0.5, 0), optimism: 0 }, 0.5)[1] ?? "", /0.5 measured, 0.5 expected .*0.5 to 0.5/);
  assert.match(linesOf({ ...around(3e300, 1e300), optimism: 0 }, 3e300)[1] ?? "", /3e\+300 expected/);
});

test("of many tied trials ten are named", () => {
  const tiedTrialIds = Array.from({ length: 12 }, (_, i) => String(i + 10));
  assert.match(linesOf({ tiedTrialIds })[1] ?? "", /12 trials are .*: 10, 11, .*, 19 and 2 more;/);
});

test("nothing is said before the choice", () => {
  assert.deepEqual(selectionLines(resultsDocument(aStudy({ bestTrialId: "07" }), [aCompletedTrial("07", 0.9)])), []);
});
