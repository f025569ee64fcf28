import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial } from "../study/study.fixture.js";
import { bestTraining } from "./best-training.js";

function measured(execution: number, epoch: number, learningRate: number): Measurement {
  return { execution, epoch, learningRate, metrics: {}, seconds: 1 };
}

test("takes the learning rates of the best execution up to its best epoch", () => {
  const best = measured(1, 2, 0.05);
  const measurements = [measured(0, 0, 0.9), measured(0, 1, 0.8), measured(0, 2, 0.7)];
  measurements.push(measured(1, 0, 0.1), measured(1, 1, 0.1), best, measured(1, 3, 0.02));
  assert.deepEqual(bestTraining(aCompletedTrial("07", 0.98, { best, measurements })), {
    trialNumber: 7,
    values: { stddev: 0.05 },
    learningRates: [0.1, 0.1, 0.05],
  });
});
