import { setImmediate } from "node:timers/promises";
import type { ScoreName } from "@sintonia/tuning/plan/metric";
import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { EpochMetrics } from "../callback/metric.js";
import type { Examples } from "../dataset/examples.js";
import type { EngineSession } from "../engine/contract/engine.js";
import { measureScores } from "../metric/measure-scores.js";
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
  /** Scores of the validation rows to measure beside loss and accuracy. @default none */
  readonly scores?: readonly ScoreName[];
}

/** The end of one epoch. */
export type EpochResult = { readonly kind: "measured"; readonly metrics: EpochMetrics } | Divergence;

/** An epoch that ended because a number became NaN or infinite. */
interface Divergence {
  readonly kind: "diverged";
  /** The name of the number, for people: "Loss", "Validation loss" or a metric. */
  readonly what: string;
  readonly value: number;
  /** Counted from 0; undefined if a measure of the validation rows diverged. */
  readonly step: number | undefined;
}

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
  const measured = trainingMetrics(training, data.train, settings);
  // The validation of plans refuses objectives and callbacks that read validation metrics of a
  // plan without validation.
  if (data.validation === undefined) return { kind: "measured", metrics: measured };
  const validation = await validate(session, data.validation, settings);
  return validation.kind === "diverged"
    ? validation
    : { kind: "measured", metrics: { ...measured, ...validation.metrics } };
}

/** Measures validation rows: loss, accuracy and the scores that the plan reads. */
export async function validate(
  session: EngineSession,
  examples: Examples,
  { batchSize, scores: names = [] }: EpochSettings,
): Promise<EpochResult> {
  const { loss, correct, count } = await session.evaluate(examples, batchSize);
  if (!Number.isFinite(loss)) return { kind: "diverged", what: "Validation loss", value: loss, step: undefined };
  const scores = Object.entries(await measureScores(session, examples, { names, batchSize }));
  const undefinedScore = scores.find(([, value]) => !Number.isFinite(value));
  if (undefinedScore !== undefined) {
    const [name, value] = undefinedScore;
    return { kind: "diverged", what: `val_${name}`, value, step: undefined };
  }
  const metrics = {
    ...(hasClasses(examples) ? { val_accuracy: Math.fround(correct / count) } : {}),
    val_loss: Math.fround(loss),
    ...Object.fromEntries(scores.map(([name, value]) => [`val_${name}`, value])),
  };
  return { kind: "measured", metrics };
}

async function trainBatches(
  session: EngineSession,
  examples: Examples,
  { order, batchSize, learningRate, firstStep }: EpochSettings,
): Promise<Training | Divergence> {
  let lossSum = 0;
  let correct = 0;
  for (let step = 0; step * batchSize < order.length; step++) {
    const rows = order.subarray(step * batchSize, (step + 1) * batchSize);
    const sums = await session.trainBatch(examples, rows, learningRateAt(learningRate, firstStep + step));
    if (!Number.isFinite(sums.lossSum)) return { kind: "diverged", what: "Loss", value: sums.lossSum, step };
    lossSum += sums.lossSum;
    correct += sums.correct;
    // Engines may block the thread during a step. Here the process handles the messages that
    // arrived meanwhile.
    await setImmediate();
  }
  return { kind: "trained", lossSum, correct };
}

function trainingMetrics(
  { correct, lossSum }: Training,
  examples: Examples,
  { order: { length: count } }: EpochSettings,
): EpochMetrics {
  return {
    ...(hasClasses(examples) ? { accuracy: Math.fround(correct / count) } : {}),
    loss: Math.fround(lossSum / count),
  };
}

/** Returns true if predictions are right or wrong, so that there is an accuracy. */
function hasClasses({ targets }: Examples): boolean {
  return targets.kind === "classes";
}
