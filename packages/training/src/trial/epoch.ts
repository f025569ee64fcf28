import { setImmediate } from "node:timers/promises";
import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { EpochMetrics } from "../callback/metric.js";
import type { Examples } from "../dataset/examples.js";
import type { EngineSession, EvaluationResult } from "../engine/contract/engine.js";
import { learningRateAt } from "../schedule/learning-rate.js";
import type { TrainingData } from "./trial.js";

/** The settings of one epoch. */
export interface EpochSettings {
  /** Rows of the training examples, in the order of training. */
  readonly order: Uint32Array;
  readonly batchSize: number;
  /** Learning rate of all steps, or a schedule. */
  readonly learningRate: OptimizerPlan["learningRate"];
  /** Number of steps in all epochs before. */
  readonly firstStep: number;
}

/** The end of one epoch. */
export type EpochResult =
  | { readonly kind: "measured"; readonly metrics: EpochMetrics }
  /**
   * `loss` is NaN or infinite. `step` counts from 0; undefined if the validation loss diverged.
   */
  | { readonly kind: "diverged"; readonly loss: number; readonly step: number | undefined };

type Training = { readonly kind: "trained"; readonly lossSum: number; readonly correct: number };

/**
 * Trains on all training examples once, then validates.
 *
 * As in Keras, the training metrics are means over all examples, measured while the weights
 * change. The last batch may be smaller than the others and counts as a full step. The event loop
 * runs after each step.
 */
export async function runEpoch(
  session: EngineSession,
  data: TrainingData,
  settings: EpochSettings,
): Promise<EpochResult> {
  const training = await trainBatches(session, data.train, settings);
  if (training.kind === "diverged") return training;
  const measured = trainingMetrics(training, settings.order.length);
  // The validation of plans refuses objectives and callbacks that read validation metrics of a
  // plan without validation.
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
    // Engines may block the thread during a step. Here the process handles the messages that
    // arrived meanwhile.
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
