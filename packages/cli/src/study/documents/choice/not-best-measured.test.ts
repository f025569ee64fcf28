import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal, SelectionRule, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aSelection, aStudy } from "../../study.fixture.js";
import { selectionResults } from "./selection-results.js";

interface Case {
  readonly fields?: Parameters<typeof aSelection>[1];
  readonly trials?: Trial[];
  readonly goal?: Goal;
}

/** Returns the sentence about the choice of trial 2 where trial 3 measured best. */
function sentenceOf({ fields, trials = [], goal = Goal.MAXIMIZE }: Case): string | null | undefined {
  const selection = aSelection("2", { bestMeasuredTrialId: "3", optimism: 0.0035, ...fields });
  return selectionResults(aStudy({ goal, selection }), trials)?.notBestMeasured;
}

const MEASURED = [aCompletedTrial("2", 0.985), aCompletedTrial("3", 0.9876)];

test("the model expects less of the best measured trial", () => {
  assert.equal(
    sentenceOf({ trials: MEASURED }),
    "Trial 3 measured 0.9876, better than trial 2 with 0.985, but one measurement is partly luck: without the noise " +
      "of a training the model expects 0.9846 of trial 2 and 0.9841 of trial 3.",
  );
});

test("the expected objective of a minimized metric lies above the measured one", () => {
  const trials = [aCompletedTrial("2", 0.0812), aCompletedTrial("3", 0.0795)];
  const fields = { expected: { mean: 0.0815, low: 0.081, high: 0.082 }, optimism: 0.003 };
  assert.match(
    sentenceOf({ trials, fields, goal: Goal.MINIMIZE }) ?? "",
    /measured 0.0795, better than trial 2 with 0.0812, .* expects 0.0815 of trial 2 and 0.0825 of trial 3\.$/,
  );
});

test("digits are added until all figures of the sentence differ", () => {
  const trials = [aCompletedTrial("2", 0.984601), aCompletedTrial("3", 0.984604)];
  const fields = { expected: { mean: 0.9845999, low: 0.98, high: 0.99 }, optimism: 0.000005 };
  assert.match(sentenceOf({ trials, fields }) ?? "", /0.984604, better than trial 2 with 0.984601/);
});

test("trials that measured the same are called so", () => {
  const trials = [aCompletedTrial("2", 0.985), aCompletedTrial("3", 0.985)];
  assert.match(sentenceOf({ trials }) ?? "", /^Trial 3 measured 0.985, as trial 2 did, but/);
  const observed = { rule: SelectionRule.OBSERVED, expected: undefined, optimism: undefined };
  assert.equal(
    sentenceOf({ trials, fields: observed }),
    "Trials 2 and 3 measured the same; the first of them was chosen.",
  );
});

test("new executions decide between contenders, and a trial that was none is said to be none", () => {
  const again = (of: string, objective: number, i: number) =>
    aCompletedTrial(String(10 + i), objective, { replicates: { trialId: of, round: i } });
  const fields = { rule: SelectionRule.REPLICATE, expected: { mean: 0.984, low: 0.98, high: 0.99 } };
  const compared = [...MEASURED, again("3", 0.98, 0), again("3", 0.982, 1)];
  assert.match(
    sentenceOf({ trials: compared, fields }) ?? "",
    /partly luck: over the new executions the mean of trial 2 is better \(0.984 against 0.981\)\.$/,
  );
  assert.match(
    sentenceOf({ trials: MEASURED, fields }) ?? "",
    /partly luck: the model did not rank trial 3 among the trials to execute again\.$/,
  );
});

test("there is no sentence if the chosen trial is the best measured one", () => {
  assert.equal(sentenceOf({ fields: { bestMeasuredTrialId: "2" }, trials: MEASURED }), null);
});

test("without the trials the sentence has no figures", () => {
  assert.match(
    sentenceOf({}) ?? "",
    /^Trial 3 measured better than trial 2, but .* the better objective of trial 2\.$/,
  );
});
