import assert from "node:assert/strict";
import { test } from "node:test";
import type { Preparation } from "@sintonia/data/preparation/preparation";
import { predictionRecords, rowPredictions } from "./predictions.js";

const CLASSES: Preparation = {
  version: 1,
  task: "classification",
  columns: [],
  features: 2,
  targets: ["kind"],
  classes: ["no", "yes"],
};
const rows = Uint32Array.of(0, 2);

test("predicts the class with the largest probability, by the row's number in the file", () => {
  const outputs = { values: Float32Array.of(0.75, 0.25, 0.125, 0.875), width: 2 };
  assert.deepEqual(
    [...rowPredictions({ preparation: CLASSES, rows, outputs })],
    [
      { row: 1, prediction: "no", probabilities: { no: 0.75, yes: 0.25 } },
      { row: 3, prediction: "yes", probabilities: { no: 0.125, yes: 0.875 } },
    ],
  );
});

test("reads one output as the probability of the second class", () => {
  const outputs = { values: Float32Array.of(0.25, 0.75), width: 1 };
  assert.deepEqual(
    [...predictionRecords({ preparation: CLASSES, rows, outputs })],
    ["row,kind,p(no),p(yes)\r\n", "1,no,0.75,0.25\r\n", "3,yes,0.25,0.75\r\n"],
  );
});

test("predicts a number for each target of a regression", () => {
  const { classes: _, ...rest } = CLASSES;
  const preparation: Preparation = { ...rest, task: "regression", targets: ["a", "b"] };
  const outputs = { values: Float32Array.of(1.5, -2, 0.5, 4), width: 2 };
  assert.deepEqual(
    [...predictionRecords({ preparation, rows, outputs })],
    ["row,a,b\r\n", "1,1.5,-2\r\n", "3,0.5,4\r\n"],
  );
});
