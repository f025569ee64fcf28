import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal, SelectionRule, type Study } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../study/documents/results.js";
import { aCompletedTrial, aSelection, aStudy, at } from "../../study/study.fixture.js";
import { PLAIN_LAYOUT } from "../format/layout.js";
import { frontLines } from "./front-table.js";
import { selectionLines } from "./selection-lines.js";
import { studyDetails } from "./study-table.js";
import { summaryLines } from "./summary.js";

const SPEC = {
  objective: { metric: "loss", goal: "minimize" },
  objectives: [
    { metric: "loss", goal: "minimize" },
    { metric: "latency", goal: "minimize" },
  ],
  limits: ["size <= 10"],
  parameters: { stddev: { type: "double" } },
};

const TRIALS = [
  [0.5, 2, 5],
  [0.4, 3, 9],
  [0.6, 4, 1],
  [0.1, 1, 30],
].map(([loss = 0, latency = 0, size = 0], i) =>
  aCompletedTrial(String(i), loss, { outcomes: { loss, latency, size } }),
);

function study(fields: Partial<Study> = {}): Study {
  return aStudy({
    specJson: JSON.stringify(SPEC),
    objectiveMetric: "loss",
    goal: Goal.MINIMIZE,
    objectives: SPEC.objectives.map(({ metric }) => ({ metric, goal: Goal.MINIMIZE })),
    limits: SPEC.limits,
    bestTrialId: "3",
    ...fields,
  });
}

/** The study once it has picked trial 1, with an interval of its loss. */
function chosen(): Study {
  const expected = { mean: 0.41, low: 0.38, high: 0.44 };
  const outcomes = (loss: number, latency: number, size: number) => [
    { name: "loss", measured: loss, expected },
    { name: "latency", measured: latency, expected: undefined },
    { name: "size", measured: size, expected: undefined },
  ];
  const front = [
    { trialId: "0", outcomes: outcomes(0.5, 2, 5) },
    { trialId: "1", outcomes: outcomes(0.4, 3, 9) },
  ];
  const selection = aSelection("1", { rule: SelectionRule.KNEE, front, expected });
  return study({ bestTrialId: "1", selection });
}

test("before the choice the front is that of the measured outcomes within the limits", () => {
  assert.deepEqual(frontLines(resultsDocument(study(), TRIALS), PLAIN_LAYOUT), [
    "",
    "Front so far (2 trials):",
    "TRIAL  loss  latency  size",
    "1      0.4   3        9",
    "0      0.5   2        5",
  ]);
});

test("after the choice the front has its intervals, and the picked trial an asterisk", () => {
  const results = resultsDocument(chosen(), TRIALS);
  assert.deepEqual(frontLines(results, PLAIN_LAYOUT), [
    "",
    "Front (2 trials), * marks the picked one:",
    "TRIAL  loss  95 % INTERVAL  latency  size",
    "1 *    0.4   0.38 to 0.44   3        9",
    "0      0.5   0.38 to 0.44   2        5",
  ]);
  assert.deepEqual(results.front?.[1]?.outcomes["loss"], { measured: 0.4, expected: 0.41, interval: [0.38, 0.44] });
  assert.deepEqual(selectionLines(results), ["Selected trial 1: nearest to the best of all objectives on the front."]);
});

test("a narrow terminal leaves intervals out before outcomes", () => {
  const narrow = { ...PLAIN_LAYOUT, columns: 30 };
  assert.equal(frontLines(resultsDocument(chosen(), TRIALS), narrow)[3], "TRIAL  loss  latency  size");
});

test("a study of one objective without limits has no front", () => {
  const results = resultsDocument(aStudy(), [aCompletedTrial("0", 0.9)]);
  assert.deepEqual([frontLines(results, PLAIN_LAYOUT), "front" in results], [[], false]);
});

test("a summary names every objective, and the state of a study its limits and the outcomes of each trial", () => {
  const summary = summaryLines(resultsDocument(chosen(), TRIALS), "runs/x");
  assert.ok(summary.includes('Objective(name="latency", direction="min")'));
  assert.ok(summary.includes("Front (2 trials), * marks the picked one:"));
  const details = studyDetails(chosen(), TRIALS, at(100));
  assert.ok(details.some((line) => /^Objectives +loss \(minimize\), latency \(minimize\)$/.test(line)));
  assert.ok(details.some((line) => /^Limits +size <= 10$/.test(line)));
  assert.ok(details.some((line) => /^TRIAL +STATE +stddev +loss +latency +size +EPOCHS/.test(line)));
  assert.ok(details.some((line) => /^3 +completed +0\.05 +0\.1 +1 +30 /.test(line)));
});
