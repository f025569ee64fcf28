import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyHistory } from "../../objective/observation.js";
import { designSpace } from "../../space/design-space.js";
import { finalRows, rowsOf, thinRows, trialPoints } from "./rows.js";

function historyOf(finals: number, trials: number, levels: readonly number[]): StudyHistory {
  const at = (i: number) => ({ values: { x: i / trials }, objective: i });
  return {
    space: { x: { type: "double", min: 0, max: 1, scale: "linear" } },
    goal: "minimize",
    completed: Array.from({ length: finals }, (_, i) => at(i)),
    partial: Array.from({ length: trials }, (_, i) => levels.map((fidelity) => ({ ...at(i), fidelity }))).flat(),
    infeasible: [],
    seed: 1,
  };
}

const rowsFor = (history: StudyHistory) => rowsOf(history, designSpace(history.space));

const hundredths = (depths: Float64Array) => Array.from(depths, (depth) => Math.round(100 * depth));

test("final results come first, at depth 0, and share the trial of their partial results", () => {
  const rows = rowsFor(historyOf(2, 3, [0.1, 0.01]));
  assert.deepEqual(hundredths(rows.depths), [0, 0, 25, 100, 25, 100, 25, 100]);
  assert.deepEqual([...rows.trials], [0, 1, 0, 0, 1, 1, 6, 6]);
  assert.equal(rows.finals, 2);
  assert.deepEqual([...finalRows(rows).points.coordinates], [0, 1 / 3]);
  assert.deepEqual([...trialPoints(rows).coordinates], [0, 1 / 3, 2 / 3]);
});

test("without a final result, the rows of the largest fidelity stand for the trials", () => {
  const rows = finalRows(rowsFor(historyOf(0, 3, [0.01, 0.1])));
  assert.deepEqual(hundredths(rows.depths), [25, 25, 25]);
});

test("bounds the rows, and thins all levels alike", () => {
  const rows = rowsFor(historyOf(400, 1000, [0.3, 0.1, 0.03]));
  assert.equal(rows.finals, 300);
  assert.equal(rows.depths.length, 600);
  assert.ok(rows.losses.includes(0), "the best final result stays");
  const thinned = thinRows(rows, 90);
  assert.equal(thinned.depths.length, 90);
  assert.equal(thinned.finals, 45);
  const counts = new Map<number, number>();
  for (const depth of thinned.depths.subarray(45)) counts.set(depth, (counts.get(depth) ?? 0) + 1);
  for (const count of counts.values()) assert.ok(count >= 10, `${[...counts]}`);
});
