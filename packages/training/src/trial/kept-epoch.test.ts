import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallbackPlan, EarlyStoppingPlan } from "@sintonia/tuning/plan/training-plan";
import { examplesOf, planOf } from "../engine/contract/problem.fixture.js";
import type { Script } from "./scripted-engine.fixture.js";
import { scriptedEngine } from "./scripted-engine.fixture.js";
import { trainTrial } from "./train-trial.js";
import type { TrialContext, TrialResult } from "./trial.js";

const ROWS = 10;

function stopping(change: Partial<EarlyStoppingPlan>): EarlyStoppingPlan {
  return {
    type: "EarlyStopping",
    monitor: "val_accuracy",
    mode: "auto",
    patience: 2,
    minDelta: 0,
    restoreBestWeights: true,
    startFromEpoch: 0,
    ...change,
  };
}

interface Case extends Script {
  readonly keep?: "best-epoch" | "last-epoch";
  readonly callbacks?: readonly CallbackPlan[];
  readonly seeds?: readonly number[];
  readonly maxEpochs?: number;
}

async function train({ keep, callbacks = [], seeds = [1], maxEpochs = 6, ...script }: Case): Promise<TrialResult> {
  const plan = planOf([3]);
  const training = { ...plan.training, maxEpochs, callbacks, ...(keep === undefined ? {} : { keep }) };
  const examples = examplesOf(
    2,
    Array(2 * ROWS).fill(0),
    Array.from({ length: ROWS }, (_, row) => row % 3),
  );
  const context: TrialContext = {
    engine: scriptedEngine(script).engine,
    data: { train: examples, validation: examples },
    onEpoch: async () => "continue",
    now: () => 0,
  };
  return trainTrial({ ...plan, training, seeds }, context);
}

/**
 * Returns the epoch whose weights a trial returns. The scripted engine writes the epoch into the
 * weights.
 */
async function keptBy(given: Case): Promise<number | undefined> {
  const result = await train(given);
  assert.ok(result.kind === "completed");
  assert.equal(result.epoch, result.weights[0]?.values[1]);
  assert.deepEqual(result.keptEpochs, [result.epoch]);
  return result.epoch;
}

test("the last epoch's weights are kept with keep: last-epoch, the best epoch's otherwise", async () => {
  const validationCorrect = [1, 5, 2, 3, 2, 4];
  assert.equal(await keptBy({ validationCorrect, keep: "last-epoch" }), 5);
  assert.equal(await keptBy({ validationCorrect, keep: "best-epoch" }), 1);
  assert.equal(await keptBy({ validationCorrect }), 1);
});

test("EarlyStopping restores its best epoch, as Keras' fit does, even if it did not stop the training", async () => {
  const keep = "last-epoch";
  const validationCorrect = [1, 5, 2, 3, 2, 4];
  assert.equal(await keptBy({ validationCorrect, keep, callbacks: [stopping({})] }), 1);
  assert.equal(await keptBy({ validationCorrect, keep, callbacks: [stopping({ patience: 50 })] }), 1);
  assert.equal(await keptBy({ validationCorrect, keep, callbacks: [stopping({ restoreBestWeights: false })] }), 3);
});

test("of several EarlyStopping callbacks that restore, the last one decides", async () => {
  const validationLoss = ({ epoch }: { epoch: number }) => [5, 4, 3, 4, 5, 6][epoch] as number;
  const byAccuracy = stopping({ patience: 50 });
  const byLoss = stopping({ patience: 50, monitor: "val_loss" });
  const script = { validationCorrect: [1, 5, 2, 3, 2, 4], validationLoss, keep: "last-epoch" } as const;
  assert.equal(await keptBy({ ...script, callbacks: [byAccuracy, byLoss] }), 2);
  assert.equal(await keptBy({ ...script, callbacks: [byLoss, byAccuracy] }), 1);
});

test("a trial of several executions returns the best of their final weights", async () => {
  const validationCorrect = [9, 3, 8, 4, 7, 3];
  const result = await train({ validationCorrect, keep: "last-epoch", seeds: [1, 2, 3], maxEpochs: 2 });
  assert.ok(result.kind === "completed");
  assert.deepEqual([result.execution, result.epoch, result.keptEpochs], [1, 1, [1, 1, 1]]);
});

test("TerminateOnNaN ends the training at the diverged step and keeps the epochs before", async () => {
  const loss = ({ execution, epoch, step }: { execution: number; epoch: number; step: number }) =>
    execution === 0 && epoch === 3 && step === 1 ? Number.POSITIVE_INFINITY : 0.5;
  const script = { validationCorrect: [1, 5, 2], loss, callbacks: [{ type: "TerminateOnNaN" }] } as const;
  assert.equal(await keptBy({ ...script }), 1);
  assert.equal(await keptBy({ ...script, keep: "last-epoch" }), 2);
  const both = await train({ ...script, validationCorrect: [1, 5, 2, 3, 3, 3, 3, 3, 6], seeds: [1, 2] });
  assert.ok(both.kind === "completed");
  assert.deepEqual([both.execution, both.epoch, both.keptEpochs], [1, 5, [1, 5]]);
});

test("a training that diverges in its first epoch is infeasible even with TerminateOnNaN", async () => {
  const result = await train({
    validationCorrect: [],
    loss: () => Number.NaN,
    callbacks: [{ type: "TerminateOnNaN" }],
  });
  assert.deepEqual(result, { kind: "infeasible", message: "Loss became NaN in epoch 1, step 1." });
});
