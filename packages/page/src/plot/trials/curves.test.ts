import assert from "node:assert/strict";
import { test } from "node:test";
import { POINTS_PER_COLUMN } from "../../chart/scene/decimate.js";
import { hit } from "../../chart/scene/hit.js";
import type { LineMark, Scene, TextMark } from "../../chart/scene/scene.js";
import { viewOf } from "../data/study.fixture.js";
import type { LearningCurve } from "./curve.js";
import { curvesPlot } from "./curves.js";
import { endLabels } from "./end-labels.js";

function curveOf(trialId: string, values: readonly number[], learningRates = values.map(() => 0.01)): LearningCurve {
  return { trialId, execution: 0, epochs: values.map((_, epoch) => epoch), values, learningRates };
}

/** Curves that rise to different heights. */
const curves = ["a", "b", "c"].map((id, index) =>
  curveOf(
    id,
    Array.from({ length: 10 }, (_, epoch) => (0.5 + 0.1 * index) * (1 - 1 / (epoch + 2))),
  ),
);

test("all epochs are inside the plot", () => {
  const { plot, targets } = curvesPlot({ metric: "val_accuracy", curves, logEpochs: true }, viewOf(360));
  assert.equal(targets.boxes.length / 4, 30);
  for (let place = 0; place < targets.boxes.length; place += 4) {
    const [x, y] = [targets.boxes[place] as number, targets.boxes[place + 1] as number];
    assert.ok(x >= plot.x - 0.01 && x <= plot.x + plot.width + 0.01, `${x}`);
    assert.ok(y >= plot.y && y <= plot.y + plot.height, `${y}`);
  }
});

test("faint lines are one mark, each highlighted trial is one of its own with a label", () => {
  const scene = curvesPlot({ metric: "val_accuracy", curves, highlighted: ["b"] }, viewOf());
  assert.equal(
    linesOf(scene, "axis").length - linesOf(curvesPlot({ metric: "", curves: [] }, viewOf()), "axis").length,
    1,
  );
  assert.equal(linesOf(scene, "series-0").length, 1);
  assert.ok(scene.marks.some((mark) => mark.kind === "text" && mark.text === "b" && mark.fill === "series-0"));
});

test("a thousand curves of 200 epochs are few marks with few points a column", () => {
  const many = Array.from({ length: 1_000 }, (_, trial) =>
    curveOf(
      String(trial),
      Array.from({ length: 200 }, (_, epoch) => Math.sin(trial + epoch / 9)),
    ),
  );
  const width = 100;
  const scene = curvesPlot({ metric: "val_loss", curves: many }, viewOf(width));
  const lines = linesOf(scene, "faint");
  const count = lines.reduce((sum, { points }) => sum + points.length / 2, 0);
  assert.ok(lines.length <= 50);
  assert.ok(count <= many.length * (width * POINTS_PER_COLUMN + 1), String(count));
  assert.equal(scene.targets.boxes.length / 4, 200_000);
  assert.equal(scene.table().rows.length, 200_000);
});

test("the tooltip names trial, epoch from 1, metric and learning rate", () => {
  const scene = curvesPlot({ metric: "val_accuracy", curves }, viewOf());
  const last = scene.targets.at(29);
  assert.equal(last.key, "c");
  assert.deepEqual(last.lines, ["Trial c", "epoch 10", "val_accuracy 0.6364", "learning rate 0.01"]);
  const index = hit(scene, scene.targets.boxes[29 * 4] as number, scene.targets.boxes[29 * 4 + 1] as number);
  assert.equal(index, 29);
  assert.equal(scene.targets.keyAt(9), "a");
  assert.equal(scene.targets.keyAt(10), "b");
});

test("learning rates are on a logarithmic axis, and curves of programs have none", () => {
  const rates = curveOf("a", [1, 2, 3], [0.1, 0.01, 0.001]);
  const program = curveOf("p", [1, 2], [0, 0]);
  const scene = curvesPlot({ metric: "loss", curves: [rates, program], rates: true }, viewOf());
  const [first = 0, second = 0, third = 0] = [1, 5, 9].map((place) => scene.targets.boxes[place]);
  assert.equal(scene.targets.boxes.length / 4, 3);
  assert.ok(Math.abs(second - first - (third - second)) < 1e-6);
  assert.deepEqual(scene.table().rows.at(-1), ["p", 1, 2, 2, null]);
});

test("a logarithmic axis of losses leaves out none, and one with negative values is linear", () => {
  const losses = curvesPlot({ metric: "loss", curves: [curveOf("a", [100, 10, 1])], logMetric: true }, viewOf());
  const mixed = curvesPlot({ metric: "loss", curves: [curveOf("a", [100, -10, 1])], logMetric: true }, viewOf());
  assert.equal(losses.targets.boxes.length / 4, 3);
  assert.equal(mixed.targets.boxes.length / 4, 3);
});

test("labels at the ends of lines keep their distance and stay in the plot", () => {
  const plot = { x: 0, y: 0, width: 100, height: 100 };
  const crowded = [98, 99, 100, 97, 96].map((y, index) => ({
    text: String(index),
    x: 90,
    y,
    role: "series-0" as const,
  }));
  const heights = endLabels(crowded, plot).map((mark) => (mark as TextMark).y);
  assert.ok(heights.every((y, index) => index === 0 || y - (heights[index - 1] as number) >= 12));
  assert.ok(heights.every((y) => y >= 0 && y <= 100));
});

function linesOf(scene: Scene, stroke: string): readonly LineMark[] {
  return scene.marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.stroke === stroke);
}
