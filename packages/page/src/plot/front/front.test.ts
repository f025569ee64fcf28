import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal, type Selection, type Study, type Trial } from "@sintonia/proto/sintonia/v1/study";
import type { LineMark, Scene, SymbolMark } from "../../chart/scene/scene.js";
import { studyOf, trialOf, viewOf } from "../data/study.fixture.js";
import { frontPlot } from "./front.js";
import { aimsOfStudy, frontIds, type StudyAims } from "./outcomes.js";

const OBJECTIVES = [
  { metric: "accuracy", goal: Goal.MAXIMIZE },
  { metric: "latency", goal: Goal.MINIMIZE },
];

/** Accuracy, latency and size of each trial. Trials 0, 1 and 4 are the front of sizes up to 100. */
const OUTCOMES = [
  [0.9, 2, 50],
  [0.95, 4, 60],
  [0.94, 5, 40],
  [0.99, 1, 300],
  [0.97, 9, 100],
] as const;

function study(parts: Partial<Study> = {}): Study {
  const limits = ["size <= 100"];
  return studyOf({ objectiveMetric: "accuracy", objectives: OBJECTIVES, limits, bestTrialId: "1", ...parts });
}

function trialsOf(rows: readonly (readonly number[])[] = OUTCOMES): Trial[] {
  return rows.map(([accuracy = 0, latency = 0, size = 0], i) =>
    trialOf(String(i), accuracy, { outcomes: { accuracy, latency, size } }),
  );
}

function plot(axes = { x: "latency", y: "accuracy" }, of = study(), trials = trialsOf(), width = 800): Scene {
  return frontPlot({ study: of, aims: aimsOfStudy(of) as StudyAims, trials, ...axes }, viewOf(width, 320));
}

function frontLine(scene: Scene): readonly (readonly [number, number])[] {
  const line = scene.marks.find(
    (mark): mark is LineMark => mark.kind === "line" && mark.stroke === "best" && mark.lineWidth === 2,
  );
  const points = Array.from(line?.points ?? []);
  return points.flatMap((x, i) => (i % 2 === 0 ? [[x, points[i + 1] as number] as const] : []));
}

/** Returns the place of a trial's symbol. */
function placeOf(scene: Scene, index: number): readonly [number, number] {
  return [scene.targets.boxes[4 * index] as number, scene.targets.boxes[4 * index + 1] as number];
}

test("the front before the study's choice has the trials that no other one within the limits beats", () => {
  const of = study();
  assert.deepEqual([...frontIds(of, trialsOf(), aimsOfStudy(of) as StudyAims)], ["0", "1", "4"]);
});

test("the front after the choice is the study's", () => {
  const selection = { front: [{ trialId: "2", outcomes: [] }] } as unknown as Selection;
  const of = study({ selection });
  assert.deepEqual([...frontIds(of, trialsOf(), aimsOfStudy(of) as StudyAims)], ["2"]);
});

test("a step line leads through the front, from the worst end of one axis to that of the other", () => {
  const scene = plot();
  const [first, second, last] = [0, 1, 4].map((index) => placeOf(scene, index)) as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  const { x, y, width, height } = scene.plot;
  assert.deepEqual(frontLine(scene), [
    [first[0], y + height],
    first,
    [second[0], first[1]],
    second,
    [last[0], second[1]],
    last,
    [x + width, last[1]],
  ]);
});

test("axes of an objective and a limited outcome have no line, and a shaded region beyond the limit", () => {
  const scene = plot({ x: "size", y: "accuracy" });
  assert.deepEqual(frontLine(scene), []);
  const [region] = scene.marks.flatMap((mark) => (mark.kind === "rect" && mark.opacity === 0.1 ? [mark] : []));
  const beyond = placeOf(scene, 3)[0];
  assert.ok(region !== undefined && beyond >= region.x && beyond <= region.x + region.width);
  for (const index of [0, 1, 2]) assert.ok(placeOf(scene, index)[0] < region.x, `trial ${index}`);
});

test("trials on the front, beside it and beyond the limits have three different signs, and the pick a star", () => {
  const symbols = plot().marks.filter((mark): mark is SymbolMark => mark.kind === "symbol" && mark.radius !== 4);
  assert.deepEqual(
    symbols.map(({ shape, points }) => [shape, points.length / 2]),
    [
      ["circle", 2],
      ["star", 1],
    ],
  );
  const shapes = plot().marks.flatMap((mark) => (mark.kind === "symbol" ? [`${mark.shape} ${mark.fill}`] : []));
  assert.deepEqual(
    [...new Set(shapes)].sort(),
    ["circle best", "circle completed", "star best", "triangle surface"].sort(),
  );
});

test("a tooltip has every outcome, and the limits that the trial breaks", () => {
  const { targets } = plot();
  assert.deepEqual(targets.at(1).lines, ["Trial 1 · front", "accuracy 0.95", "latency 4", "size 60"]);
  assert.deepEqual(targets.at(3).lines, [
    "Trial 3",
    "accuracy 0.99",
    "latency 1",
    "size 300",
    "outside the limits: size <= 100",
  ]);
});

test("the table says of each trial whether it is on the front, picked, or beyond the limits", () => {
  const { columns, rows } = plot().table();
  assert.deepEqual(columns, ["trial", "accuracy", "latency", "size", "front"]);
  assert.deepEqual(
    rows.map((row) => row.at(-1)),
    ["front", "picked trial", "", "outside the limits", "front"],
  );
});

test("every symbol is inside the plot, on a narrow screen and with one outlier too", () => {
  const trials = trialsOf([...OUTCOMES, [0.1, 1e9, 10]]);
  for (const width of [320, 1400]) {
    const scene = plot(undefined, study(), trials, width);
    const { x, y, width: across, height } = scene.plot;
    for (let i = 0; i < trials.length; i++) {
      const [left, top] = placeOf(scene, i);
      assert.ok(left >= x && left <= x + across && top >= y && top <= y + height, `trial ${i} at ${width}`);
    }
  }
});

test("intervals of chosen trials are crosses at the expected outcomes", () => {
  const expected = (mean: number) => ({ mean, low: mean - 0.01, high: mean + 0.01 });
  const outcomes = [
    { name: "accuracy", measured: 0.95, expected: expected(0.94) },
    { name: "latency", measured: 4, expected: expected(4.2) },
  ];
  const selection = { front: [{ trialId: "1", outcomes }] } as unknown as Selection;
  const crosses = plot(undefined, study({ selection })).marks.filter(
    (mark) => mark.kind === "line" && mark.opacity === 0.6,
  );
  assert.equal(crosses.length, 1);
  assert.ok(Array.from((crosses[0] as LineMark).points).every((value) => Math.abs(value) < 1e4 || Number.isNaN(value)));
});

test("one objective with a limit has a front of its best trial; a study without both has no aims", () => {
  const of = study({ objectives: [] });
  assert.deepEqual([...frontIds(of, trialsOf(), aimsOfStudy(of) as StudyAims)], ["4"]);
  assert.equal(aimsOfStudy(studyOf()), undefined);
});

test("a study without completed trials says so", () => {
  assert.match(plot(undefined, study(), []).description, /Nothing to show yet/);
});
