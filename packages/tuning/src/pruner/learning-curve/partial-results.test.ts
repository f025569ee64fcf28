import assert from "node:assert/strict";
import { test } from "node:test";
import { partialResults } from "./partial-results.js";

test("partial results: three levels, the last epoch of a trial that goes on, and none of a failed one", () => {
  const curve = (state: "running" | "completed" | "ended", epochs: number) => ({
    ...{ trialNumber: 0, state, promotedFrom: 0, learningRates: [] },
    executions: [Array.from({ length: epochs }, (_, epoch) => (epoch === 1 ? 9 : 1 / (epoch + 1)))],
  });
  const of = (state: "running" | "completed" | "ended", epochs: number, maxEpochs: number | undefined = 27) =>
    partialResults([{ values: { x: 1 }, curve: curve(state, epochs), maxEpochs }], "minimize").map(
      ({ fidelity, objective }) => [Math.round(fidelity * 27), objective],
    );
  assert.deepEqual(of("running", 5), [
    [5, 1 / 5],
    [3, 1 / 3],
    [1, 1],
  ]);
  assert.deepEqual(of("completed", 27), [
    [9, 1 / 9],
    [3, 1 / 3],
    [1, 1],
  ]);
  assert.deepEqual(
    of("completed", 4),
    [
      [3, 1 / 3],
      [1, 1],
    ],
    "early stopping",
  );
  assert.deepEqual(of("ended", 5), []);
  assert.deepEqual(of("running", 0), []);
  assert.deepEqual(of("running", 1, 1), []);
});
