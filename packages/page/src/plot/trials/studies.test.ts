import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal } from "@sintonia/proto/sintonia/v1/study";
import type { LineMark } from "../../chart/scene/scene.js";
import { studyOf, trialOf, viewOf } from "../data/study.fixture.js";
import { studiesPlot } from "./studies.js";

function comparedOf(id: string, objectives: readonly (number | undefined)[], goal: Goal = Goal.MAXIMIZE) {
  return {
    study: studyOf({ id, goal }),
    trials: objectives.map((objective, index) => trialOf(String(index), objective)),
  };
}

test("each study has a line of its own colour, which only gets better and ends at its last trial", () => {
  const scene = studiesPlot([comparedOf("a", [0.5, 0.7, 0.6, 0.8]), comparedOf("b", [0.9, 0.1])], viewOf());
  const lines = scene.marks.filter((mark): mark is LineMark => mark.kind === "line" && mark.lineWidth === 2);
  assert.deepEqual(
    lines.map(({ stroke }) => stroke),
    ["series-0", "series-1"],
  );
  const [first, second] = lines.map(({ points }) => Array.from(points));
  const heights = first?.filter((_, place) => place % 2 === 1) ?? [];
  assert.deepEqual(
    heights,
    [...heights].sort((a, b) => b - a),
  );
  assert.ok((first?.at(-2) ?? 0) > (second?.at(-2) ?? 0), "four trials reach further than two");
});

test("a study without an objective has no line, and the others keep their colours", () => {
  const scene = studiesPlot([comparedOf("none", [undefined]), comparedOf("b", [0.9])], viewOf(360));
  assert.deepEqual(scene.table().rows, [["b", "0", 0.9]]);
  assert.ok(scene.marks.some((mark) => mark.kind === "text" && mark.text === "b" && mark.fill === "series-1"));
});

test("the steps of a study follow its own goal", () => {
  const { rows } = studiesPlot(
    [comparedOf("up", [1, 2, 0]), comparedOf("down", [1, 2, 0], Goal.MINIMIZE)],
    viewOf(),
  ).table();
  assert.deepEqual(rows, [
    ["up", "0", 1],
    ["up", "1", 2],
    ["down", "0", 1],
    ["down", "2", 0],
  ]);
});
