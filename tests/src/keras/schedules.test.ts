import assert from "node:assert/strict";
import { test } from "node:test";
import { learningRateAt } from "@sintonia/training/schedule/learning-rate";
import { planWith, readScheduleTraces } from "./traces.js";

for (const { schedule, steps, values } of readScheduleTraces()) {
  test(`learning rates equal those of Keras bit for bit: ${JSON.stringify(schedule)}`, () => {
    const optimizer = { type: "sgd", learningRate: schedule };
    const { learningRate } = planWith({ training: { optimizer } }).training.optimizer;
    for (const [index, step] of steps.entries()) {
      assert.equal(learningRateAt(learningRate, step), Math.fround(values[index] as number), `step ${step}`);
    }
  });
}
