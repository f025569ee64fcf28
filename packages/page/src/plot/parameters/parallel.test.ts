import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import type { LineMark, Scene } from "../../chart/scene/scene.js";
import { parametersOf } from "../data/parameters.js";
import { studyOf, trialOf, valuesOf, viewOf } from "../data/study.fixture.js";
import { type ParallelInput, parallelPlot } from "./parallel.js";
import { brushOf } from "./parallel-filter.js";

const parameters = parametersOf(
  JSON.stringify({
    parameters: {
      rate: { type: "double", min: 1e-4, max: 1, scale: "log" },
      optimizer: { type: "categorical", values: ["sgd", "adam"] },
      momentum: { type: "double", min: 0, max: 1, scale: "linear" },
    },
  }),
);

/** Ten trials; those with adam have no momentum. */
const trials = Array.from({ length: 10 }, (_, index) => {
  const rate = 10 ** (-4 + (4 * index) / 9);
  const values = index % 2 === 0 ? { rate, optimizer: "sgd", momentum: index / 10 } : { rate, optimizer: "adam" };
  return trialOf(String(index), 0.8 + index / 100, { values: valuesOf(values) });
});

function plot(parts: Partial<ParallelInput> = {}, width = 800) {
  return parallelPlot({ study: studyOf(), trials, parameters, ...parts }, viewOf(width, 360));
}

for (const width of [360, 1400]) {
  test(`lines pass through all axes, the objective last, within ${width} pixels`, () => {
    const scene = plot({}, width);
    assert.deepEqual(
      scene.axes.map(({ name }) => name),
      ["rate", "optimizer", "momentum", "val_accuracy"],
    );
    assert.equal(scene.targets.boxes.length / 4, trials.length * 4);
    for (let place = 0; place < scene.targets.boxes.length; place += 2) {
      const [x, y] = [scene.targets.boxes[place] as number, scene.targets.boxes[place + 1] as number];
      assert.ok(x >= 0 && x <= width && y >= scene.plot.y - 1 && y <= 360, `${x} ${y}`);
    }
  });
}

test("an axis of a logarithmic parameter is logarithmic", () => {
  const axis = plot().axes[0]?.axis;
  assert.ok(axis !== undefined);
  assert.ok(Math.abs(axis.at(0.01) - (axis.from + axis.to) / 2) < 1e-9);
});

test("a brush keeps the trials whose values it contains", () => {
  assert.deepEqual(plot().keptIds, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
  assert.deepEqual(plot({ brushes: { rate: { from: 0, to: 0.34 } } }).keptIds, ["3", "2", "1", "0"]);
  assert.deepEqual(plot({ brushes: { optimizer: { from: 0.5, to: 1 } } }).keptIds, ["9", "7", "5", "3", "1"]);
});

test("brushes of several axes hold together, at any size of the chart", () => {
  const brushes = { rate: { from: 0.5, to: 1 }, optimizer: { from: 0, to: 0.5 } };
  assert.deepEqual(plot({ brushes }).keptIds, ["8", "6"]);
  assert.deepEqual(plot({ brushes }, 360).keptIds, ["8", "6"]);
});

test("a brush on a parameter leaves out the trials in which it is inactive", () => {
  assert.deepEqual(plot({ brushes: { momentum: { from: 0, to: 1 } } }).keptIds, ["8", "6", "4", "2", "0"]);
});

test("keeps the best share of the trials, in the direction of the goal", () => {
  assert.deepEqual(plot({ bestShare: 0.2 }).keptIds, ["9", "8"]);
  assert.deepEqual(plot({ bestShare: 0.001 }).keptIds, ["9"]);
  assert.deepEqual(plot({ bestShare: 0.2, study: studyOf({ goal: Goal.MINIMIZE }) }).keptIds, ["0", "1"]);
});

test("the colour of a line is that of its objective, and lines left out are faint", () => {
  const scene = plot({ bestShare: 0.5 });
  assert.equal(partsOf(scene, "faint"), 5);
  assert.equal(partsOf(scene, "ramp-7"), 2);
  assert.equal(partsOf(scene, "ramp-0"), 0);
});

test("a range has its ends in order and within the axis, and a click is none", () => {
  assert.deepEqual(brushOf(0.8, -3), { from: 0, to: 0.8 });
  assert.equal(brushOf(0.5, 0.5), undefined);
});

test("the table has the kept trials, best first", () => {
  const { columns, rows } = plot({ bestShare: 0.2 }).table();
  assert.deepEqual(columns, ["trial", "rate", "optimizer", "momentum", "val_accuracy"]);
  assert.deepEqual(rows[0], ["9", 1, "adam", null, 0.89]);
});

function partsOf(scene: Scene, stroke: string): number {
  const lines = scene.marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.stroke === stroke);
  return lines.reduce((sum, { points }) => sum + Array.from(points).filter(Number.isNaN).length / 2, 0);
}
