import assert from "node:assert/strict";
import { test } from "node:test";
import type { Curve } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { withLatest } from "./live-curves.js";
import { aCompletedTrial, aRunningTrial } from "./trial.fixture.js";

const METRIC = "val_accuracy";
const curve: Curve = {
  trialId: "0",
  execution: 0,
  epochs: [0, 1, 2],
  values: [0.1, 0.2, 0.3],
  learningRates: [1, 1, 1],
};

function grown(curves: readonly Curve[], trial: Trial): readonly number[][] {
  return withLatest(curves, [trial], METRIC).map(({ epochs }) => epochs);
}

test("a report of the next epoch extends the curve, and leaves the earlier curve as it was", () => {
  assert.deepEqual(grown([curve], aRunningTrial("0", 4)), [[0, 1, 2, 3]]);
  assert.deepEqual(curve.epochs, [0, 1, 2]);
});

test("the first report of a trial begins a curve", () => {
  assert.deepEqual(grown([curve], aRunningTrial("1", 1)), [[0, 1, 2], [0]]);
});

test("two reports of one update begin two curves", () => {
  const curves = withLatest([], [aRunningTrial("0", 1), aRunningTrial("1", 1)], METRIC);
  assert.deepEqual(
    curves.map(({ trialId }) => trialId),
    ["0", "1"],
  );
});

test("an attempt that begins again cuts the curve", () => {
  assert.deepEqual(grown([curve], aRunningTrial("0", 1)), [[0]]);
});

test("without news the list stays the same, so that nothing is drawn again", () => {
  const curves = withLatest([curve], [aRunningTrial("0", 4)], METRIC);
  assert.equal(withLatest(curves, [aRunningTrial("0", 4), aCompletedTrial("0", 0.9)], METRIC), curves);
});

test("a measurement that is no number adds nothing", () => {
  const trial = aRunningTrial("0", 4);
  const broken = { ...trial, latest: trial.latest && { ...trial.latest, metrics: { [METRIC]: Number.NaN } } } as Trial;
  assert.deepEqual(grown([curve], broken), [[0, 1, 2]]);
});
