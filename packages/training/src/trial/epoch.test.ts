import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examples } from "../dataset/examples.js";
import type { EngineSession } from "../engine/contract/engine.js";
import { seededExamples } from "../engine/contract/problem.fixture.js";
import { runEpoch } from "./epoch.js";

test("computes the rate of every step from the schedule, with steps counted over all epochs", async () => {
  const rates: number[] = [];
  const session: Pick<EngineSession, "trainBatch" | "evaluate"> = {
    trainBatch: async (_examples: Examples, rows: Uint32Array, learningRate: number) => {
      rates.push(learningRate);
      return { lossSum: 1, correct: 1, count: rows.length };
    },
    evaluate: async () => ({ loss: 1, accuracy: 1, correct: 1, count: 1 }),
  };
  const examples = seededExamples({ count: 5, features: 2, classes: 2 });
  await runEpoch(
    session as EngineSession,
    { train: examples, validation: examples },
    {
      order: Uint32Array.of(4, 2, 0, 1, 3),
      batchSize: 2,
      learningRate: { type: "PiecewiseConstantDecay", boundaries: [3, 4], values: [0.5, 0.25, 0.125] },
      firstStep: 3,
    },
  );
  assert.deepEqual(rates, [0.5, 0.25, 0.125]);
});
