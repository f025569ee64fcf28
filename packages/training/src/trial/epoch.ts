import { setImmediate } from "node:timers/promises";
import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { EpochMetrics } from "../callback/metric.js";
import type { Examples } from "../dataset/examples.js";
import type { EngineSession, EvaluationResult } from "../engine/contract/engine.js";
import { learningRateAt } from "../schedule/learning-rate.js";
import type { TrainingData } from "./trial.js";

export interface EpochSettings {
  /** Rows of the training examples in the order to train on. */
  readonly order: Uint32Array;
  readonly batchSize: number;
  readonly learningRate: OptimizerPlan["learningRate"];
  /** Steps that were taken in the epochs before. */
  readonly firstStep: number;
}

export type EpochResult =
  | { readonly kind: "measured"; readonly metrics: EpochMetrics }
  /** `loss` is NaN or infinite; `step` counts from 0 and is undefined in the validation. */
  | { readonly kind: "diverged"; readonly loss: number; readonly step: number | undefined };

type Training = { readonly kind: "trained"; readonly lossSum: number; readonly correct: number };

/**
 * One pass over the training examples, and a validation. As in Keras the training metrics are means over all examples,
 * taken while the weights change, and the last batch may be smaller than the others and is a full step.
 */
export async function runEpoch(
  session: EngineSession,
  data: TrainingData,
  settings: EpochSettings,
): Promise<EpochResult> {
  const training = await trainBatches(session, data.train, settings);
  if (training.kind === "diverged") return training;
  const measured = trainingMetrics(training, settings.order.length);
  // The plan's rules see to it that nobody asks for the metrics of a validation that there is not.
  if (data.validation === undefined) return { kind: "measured", metrics: measured as EpochMetrics };
  const validation = await session.evaluate(data.validation, settings.batchSize);
  if (!Number.isFinite(validation.loss)) return { kind: "diverged", loss: validation.loss, step: undefined };
  return { kind: "measured", metrics: { ...measured, ...validationMetrics(validation) } };
}

async function trainBatches(
  session: EngineSession,
  examples: Examples,
  { order, batchSize, learningRate, firstStep }: EpochSettings,
): Promise<Training | (EpochResult & { kind: "diverged" })> {
  let lossSum = 0;
  let correct = 0;
  for (let step = 0; step * batchSize < order.length; step++) {
    const rows = order.subarray(step * batchSize, (step + 1) * batchSize);
    const sums = await session.trainBatch(examples, rows, learningRateAt(learningRate, firstStep + step));
    if (!Number.isFinite(sums.lossSum)) return { kind: "diverged", loss: sums.lossSum, step };
    lossSum += sums.lossSum;
    correct += sums.correct;
    // Engines may block their thread for a step: messages that came in meanwhile get their turn here.
    await setImmediate();
  }
  return { kind: "trained", lossSum, correct };
}

function trainingMetrics({ correct, lossSum }: Training, count: number): Pick<EpochMetrics, "loss" | "accuracy"> {
  return { accuracy: Math.fround(correct / count), loss: Math.fround(lossSum / count) };
}

function validationMetrics({ correct, count, loss }: EvaluationResult): Omit<EpochMetrics, "loss" | "accuracy"> {
  return { val_accuracy: Math.fround(correct / count), val_loss: Math.fround(loss) };
}
