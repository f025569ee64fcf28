import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal, Selection, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { Scene, SymbolMark } from "../../chart/scene/scene.js";
import { studyOf, trialOf, viewOf } from "../data/study.fixture.js";
import { bestSoFar, historyPlot } from "./history.js";

const OBJECTIVES = [0.91, 0.95, undefined, 0.94, 0.97, 0.5, 0.96];
const trials = OBJECTIVES.map((objective, index) => trialOf(String(index), objective));

for (const width of [360, 1400]) {
  test(`every trial has a symbol inside the plot of ${width} pixels`, () => {
    const scene = historyPlot({ study: studyOf({ bestTrialId: "4" }), trials }, viewOf(width));
    const { x, y, width: across, height } = scene.plot;
    const { boxes } = scene.targets;
    assert.equal(boxes.length / 4, trials.length);
    for (let place = 0; place < boxes.length; place += 4) {
      assert.ok((boxes[place] as number) >= x && (boxes[place] as number) <= x + across);
      assert.ok((boxes[place + 1] as number) >= y && (boxes[place + 1] as number) <= y + height);
    }
  });
}

test("the best objective so far only gets better, in the direction of the goal", () => {
  const up = bestSoFar({ study: studyOf(), trials }).map(({ objective }) => objective);
  assert.deepEqual(up, [0.91, 0.95, 0.97]);
  const down = bestSoFar({ study: studyOf({ goal: Goal.MINIMIZE }), trials }).map(({ objective }) => objective);
  assert.deepEqual(down, [0.91, 0.5]);
});

test("states have shapes of their own", () => {
  const states = [TrialState.FAILED, TrialState.INFEASIBLE, TrialState.CANCELLED, TrialState.COMPLETED];
  const mixed = states.map((state, index) => trialOf(String(index), index === 3 ? 0.9 : undefined, { state }));
  const shapes = symbolsOf(historyPlot({ study: studyOf(), trials: mixed }, viewOf())).map(({ shape }) => shape);
  assert.equal(new Set(shapes.slice(-states.length)).size, states.length);
});

test("a running trial shows the metric of its latest epoch, and says that it is the latest", () => {
  const latest = { execution: 0, epoch: 3, metrics: { val_accuracy: 0.8 }, learningRate: 0.1, seconds: 1 };
  const running = trialOf("7", undefined, { state: TrialState.RUNNING, latest });
  const scene = historyPlot({ study: studyOf(), trials: [...trials, running] }, viewOf());
  assert.deepEqual(scene.targets.at(7).lines, ["Trial 7 · running", "val_accuracy 0.8 (latest)"]);
});

test("a queued trial has no symbol", () => {
  const queued = trialOf("7", undefined, { state: TrialState.QUEUED });
  const scene = historyPlot({ study: studyOf(), trials: [...trials, queued] }, viewOf());
  assert.equal(scene.targets.boxes.length / 4, trials.length);
});

test("a state of a later version is drawn and named", () => {
  const later = trialOf("7", 0.9, { state: TrialState.UNRECOGNIZED });
  const scene = historyPlot({ study: studyOf(), trials: [later] }, viewOf());
  assert.equal(scene.targets.at(0).lines[0], "Trial 7 · unknown");
});

test("one diverged trial does not press the others into a line", () => {
  const losses = [0.1, 0.12, 0.11, 0.13, 0.14, 1e9];
  const diverged = losses.map((objective, index) => trialOf(String(index), objective));
  const scene = historyPlot({ study: studyOf({ goal: Goal.MINIMIZE }), trials: diverged }, viewOf());
  const heights = losses.map((_, index) => scene.targets.boxes[4 * index + 1] as number);
  assert.ok(Math.abs((heights[0] as number) - (heights[4] as number)) > scene.plot.height / 2);
  assert.ok((heights[5] as number) <= scene.plot.y + 5, "the diverged trial is at the end of the axis");
});

test("the interval of the chosen trial is a band", () => {
  const selection = Selection.fromPartial({ trialId: "4", expected: { mean: 0.965, low: 0.96, high: 0.97 } });
  const band = (study: ReturnType<typeof studyOf>) =>
    historyPlot({ study, trials }, viewOf()).marks.filter((mark) => mark.kind === "rect" && mark.fill === "best")
      .length;
  assert.equal(band(studyOf({ selection })) - band(studyOf()), 2, "the band, and its sign in the legend");
});

test("the table has every trial, with the best objective so far", () => {
  const { rows } = historyPlot({ study: studyOf(), trials }, viewOf()).table();
  assert.deepEqual(rows[2], ["2", "failed", null, 0.95]);
  assert.deepEqual(rows.at(-1), ["6", "completed", 0.96, 0.97]);
});

test("a study without trials has an empty plot", () => {
  const scene = historyPlot({ study: studyOf(), trials: [] }, viewOf());
  assert.equal(scene.targets.boxes.length, 0);
  assert.deepEqual(symbolsOf(scene), []);
});

function symbolsOf(scene: Scene): readonly SymbolMark[] {
  return scene.marks.filter((mark): mark is SymbolMark => mark.kind === "symbol");
}
