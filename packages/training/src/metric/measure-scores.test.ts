import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { denseLayer, planOf, seededExamples, seededValues } from "../engine/contract/problem.fixture.js";
import { startEngine } from "../engine/engines.js";
import { trainTrial } from "../trial/train-trial.js";
import { askedScores } from "./asked-scores.js";

const STOPPING = {
  type: "EarlyStopping",
  mode: "auto",
  minDelta: 0,
  startFromEpoch: 0,
  patience: 5,
  restoreBestWeights: false,
} as const;

type Metrics = Readonly<Record<string, number>>;

async function epochs(plan: TrainingPlan, data: Parameters<typeof trainTrial>[1]["data"]): Promise<Metrics[]> {
  const measured: Metrics[] = [];
  const onEpoch = async ({ metrics }: { readonly metrics: Metrics }) => {
    measured.push(metrics);
    return "continue" as const;
  };
  const result = await trainTrial(plan, { engine: await startEngine("onnx"), data, onEpoch, now: () => 0 });
  assert.equal(result.kind, "completed", JSON.stringify(result));
  return measured;
}

test("an epoch of two classes measures the scores that objective and callbacks read, and no other", async () => {
  const plan = planOf([1]);
  const loss = { type: "binary_crossentropy", labelSmoothing: 0 } as const;
  const callbacks = [{ ...STOPPING, monitor: "val_brier" } as const];
  const asking: TrainingPlan = {
    ...plan,
    objective: { metric: "val_auc", goal: "maximize" },
    model: { layers: [denseLayer(4, "tanh"), denseLayer(1, "sigmoid")] },
    training: {
      ...plan.training,
      loss,
      callbacks,
      maxEpochs: 40,
      optimizer: { ...plan.training.optimizer, learningRate: 0.05 },
    },
  };
  const data = {
    train: seededExamples({ count: 200, features: 3, classes: 2 }),
    validation: seededExamples({ count: 90, features: 3, classes: 2 }),
  };
  const measured = await epochs(asking, data);
  const names = ["accuracy", "loss", "val_accuracy", "val_auc", "val_brier", "val_loss"];
  assert.deepEqual(Object.keys(measured[0] ?? {}).sort(), names);
  // The first feature decides on seven tenths of the label: far better than chance, not perfect.
  assert.ok((measured.at(-1)?.["val_auc"] ?? 0) > 0.9, JSON.stringify(measured.at(-1)));
});

test("an epoch of a regression has no accuracy", async () => {
  const plan = planOf([2]);
  const regression: TrainingPlan = {
    ...plan,
    objective: { metric: "val_r2", goal: "maximize" },
    model: { layers: [denseLayer(2, "linear")] },
    training: { ...plan.training, loss: { type: "mean_squared_error", labelSmoothing: 0 }, maxEpochs: 2 },
  };
  const data = {
    train: seededValues({ count: 30, features: 3, width: 2 }),
    validation: seededValues({ count: 12, features: 3, width: 2 }),
  };
  const [first] = await epochs(regression, data);
  assert.deepEqual(Object.keys(first ?? {}).sort(), ["loss", "val_loss", "val_r2"]);
});

test("the accuracy of the validation rows needs no outputs", () => {
  const plan = planOf([3]);
  assert.deepEqual(askedScores(plan), []);
  const callbacks = [{ ...STOPPING, monitor: "val_recall" } as const];
  assert.deepEqual(askedScores({ ...plan, training: { ...plan.training, callbacks } }), ["recall"]);
});
