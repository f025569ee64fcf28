import assert from "node:assert/strict";
import { test } from "node:test";
import { GetImportanceResponse, GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import type { AreaMark, RectMark, Scene, TextMark } from "../../chart/scene/scene.js";
import { type NumberParameter, nearestValue, parametersOf, type StudyParameter } from "../data/parameters.js";
import { messageOf, studyOf, trialOf, valuesOf, viewOf } from "../data/study.fixture.js";
import { contourPlot } from "./contour.js";
import { importanceHeight, importancePlot } from "./importance.js";
import { slicePlot } from "./slice.js";

const [rate, units, optimizer] = parametersOf(
  JSON.stringify({
    parameters: {
      rate: { type: "double", min: 1e-3, max: 1, scale: "log" },
      units: { type: "integer", min: 16, max: 256, scale: "log", step: 16 },
      optimizer: { type: "categorical", values: ["sgd", "adam"] },
      loss: { type: "fixed", value: "mse" },
    },
  }),
) as [NumberParameter, NumberParameter, StudyParameter];

const trials = [0.9, 0.95, 0.93].map((objective, index) =>
  trialOf(String(index), objective, {
    values: valuesOf({ rate: 10 ** (index - 3), units: 16 * (index + 1), optimizer: index === 0 ? "sgd" : "adam" }),
  }),
);

function surrogateOf(
  first: readonly (number | string)[],
  second: readonly (number | string)[],
  mean: readonly number[],
) {
  return GetSurrogateResponse.fromPartial({
    first: first.map(messageOf),
    second: second.map(messageOf),
    mean: [...mean],
    low: mean.map((value) => value - 0.01),
    high: mean.map((value) => value + 0.01),
    trialId: "1",
  });
}

test("reads parameters in the order of the spec, without those of one value", () => {
  const parameters = parametersOf(
    '{"parameters":{"b":{"type":"boolean"},"f":{"type":"fixed","value":1},"a":{"type":"later"}}}',
  );
  assert.deepEqual(parameters, [{ kind: "list", name: "b", values: [false, true] }]);
  assert.deepEqual(parametersOf(""), []);
});

test("a slice shows trials, mean and band, all inside the plot", () => {
  const surrogate = surrogateOf([0.001, 0.03, 1], [], [0.9, 0.95, 0.92]);
  const scene = slicePlot({ study: studyOf(), trials, parameter: rate, surrogate }, viewOf(360));
  assert.equal(scene.targets.boxes.length / 4, 3);
  const band = scene.marks.find((mark): mark is AreaMark => mark.kind === "area");
  assert.equal(band?.points.length, 2 * 2 * 3);
  assert.ok(insidePlot(scene, band?.points ?? []));
  assert.ok(scene.marks.some((mark) => mark.kind === "line" && mark.stroke === "model"));
});

test("a click on a slice gives a value that the parameter can have", () => {
  const of = (parameter: StudyParameter) => slicePlot({ study: studyOf(), trials, parameter }, viewOf());
  const { valueAt, plot } = of(rate);
  assert.equal(valueAt(plot.x), 0.001);
  assert.equal(valueAt(plot.x + plot.width), 1);
  assert.ok(Math.abs((valueAt(plot.x + plot.width / 3) as number) - 0.01) < 1e-6);
  const stepped = of(units);
  const picked = stepped.valueAt(stepped.plot.x + stepped.plot.width * 0.7) as number;
  assert.equal(picked % 16, 0);
  const words = of(optimizer);
  assert.equal(words.valueAt(words.plot.x + 1), "sgd");
});

test("the nearest value obeys step, factor and whole numbers", () => {
  const base = { kind: "number", name: "p", min: 10, max: 100, scale: "log", isWhole: true } as const;
  assert.equal(nearestValue(base, 33.4), 33);
  assert.equal(nearestValue({ ...base, step: 15 }, 33.4), 40);
  assert.equal(nearestValue({ ...base, factor: 2 }, 33.4), 40);
  assert.equal(nearestValue({ ...base, min: 0, max: 1, isWhole: false, step: 0.1 }, 0.29), 0.3);
});

test("a slice of words has a bar for each word", () => {
  const surrogate = surrogateOf(["sgd", "adam"], [], [0.91, 0.94]);
  const scene = slicePlot({ study: studyOf(), trials, parameter: optimizer, surrogate }, viewOf());
  const bars = scene.marks.filter((mark) => mark.kind === "rect" && mark.fill === "model" && mark.height > 9);
  assert.equal(bars.length, 2);
});

test("a slice without trials or surrogate is empty", () => {
  assert.equal(slicePlot({ study: studyOf(), trials: [], parameter: rate }, viewOf()).targets.boxes.length, 0);
});

for (const [goal, best] of [
  [Goal.MAXIMIZE, "field-7"],
  [Goal.MINIMIZE, "field-0"],
] as const) {
  test(`the colour of a contour is ${best} where the mean is largest if the goal is ${goal}`, () => {
    const numbers = [0.001, 0.01, 0.1, 1];
    const mean = numbers.flatMap((_, i) => numbers.map((_, j) => i + j));
    const surrogate = surrogateOf(numbers, [16, 64, 128, 256], mean);
    const scene = contourPlot({ study: studyOf({ goal }), trials, first: rate, second: units, surrogate }, viewOf());
    const areas = scene.marks.filter((mark): mark is AreaMark => mark.kind === "area");
    assert.equal(areas.at(-1)?.fill, best);
    assert.ok(areas.every(({ points }) => insidePlot(scene, points)));
    const [x = 0, y = 0] = centreOf(areas.at(-1)?.points ?? []);
    const { plot } = scene;
    assert.ok(x > plot.x + plot.width / 2 && y < plot.y + plot.height / 2, "the largest mean is at the upper right");
  });
}

test("the first parameter of a contour is the horizontal one", () => {
  const surrogate = surrogateOf([0.001, 0.01, 1], [16, 256], [0, 0, 5, 5, 9, 9]);
  const scene = contourPlot({ study: studyOf(), trials, first: rate, second: units, surrogate }, viewOf());
  const [x = 0] = centreOf(scene.marks.filter((mark): mark is AreaMark => mark.kind === "area").at(-1)?.points ?? []);
  assert.ok(x > scene.plot.x + scene.plot.width * 0.6);
  assert.deepEqual(scene.valuesAt(scene.plot.x, scene.plot.y), { rate: 0.001, units: 256 });
});

test("a pair with a parameter of words is drawn as cells that fill the plot", () => {
  const surrogate = surrogateOf(["sgd", "adam"], [16, 128, 256], [1, 2, 3, 4, 5, 6]);
  const scene = contourPlot({ study: studyOf(), trials, first: optimizer, second: units, surrogate }, viewOf());
  const cells = scene.marks.filter((mark): mark is RectMark => mark.kind === "rect" && mark.width > 100);
  assert.equal(cells.length, 6);
  const area = cells.reduce((sum, { width, height }) => sum + (width - 0.5) * (height - 0.5), 0);
  assert.ok(Math.abs(area / (scene.plot.width * scene.plot.height) - 1) < 0.01);
});

test("importance has a bar for each parameter, the most important one at the top, with its error", () => {
  const share = (value: number) => ({ share: value, error: 0.02 });
  const response = GetImportanceResponse.fromPartial({
    parameters: [
      { parameter: "rate", firstOrder: share(0.5), total: share(0.6) },
      { parameter: "units", firstOrder: share(-0.01), total: share(0.1) },
    ],
  });
  const scene = importancePlot(response, viewOf(360, importanceHeight(2)));
  assert.deepEqual(
    [0, 1].map((index) => scene.targets.keyAt(index)),
    ["rate", "units"],
  );
  assert.ok((scene.targets.boxes[1] as number) < (scene.targets.boxes[5] as number));
  assert.deepEqual(scene.targets.at(0).lines, ["rate", "with interactions 60% ± 2%", "alone 50% ± 2%"]);
  assert.ok(
    scene.marks.every((mark) => mark.kind !== "rect" || mark.width >= 0),
    "a share below 0 has no width",
  );
  const labels = scene.marks.filter((mark): mark is TextMark => mark.kind === "text").map(({ text }) => text);
  assert.ok(labels.includes("60%") && labels.includes("units"));
});

function insidePlot({ plot }: Scene, points: ArrayLike<number>): boolean {
  return Array.from(points).every((value, place) => {
    if (Number.isNaN(value)) return true;
    const [start, length] = place % 2 === 0 ? [plot.x, plot.width] : [plot.y, plot.height];
    return value >= start - 0.01 && value <= start + length + 0.01;
  });
}

function centreOf(points: ArrayLike<number>): readonly number[] {
  const numbers = Array.from(points).filter((value) => !Number.isNaN(value));
  const mean = (offset: number): number => {
    const own = numbers.filter((_, place) => place % 2 === offset);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  };
  return [mean(0), mean(1)];
}
