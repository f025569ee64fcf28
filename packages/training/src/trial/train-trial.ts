import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, Examples, ModelWeights } from "../engine/engine.js";

/** What one epoch of one execution measured. Both counted from 0. */
export interface EpochMeasurement {
  readonly execution: number;
  readonly epoch: number;
  /** Keras' names: loss, accuracy, val_loss, val_accuracy; float32 values as numbers. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Learning rate the epoch was trained with. */
  readonly learningRate: number;
  readonly seconds: number;
}

export interface TrainingData {
  readonly train: Examples;
  readonly validation: Examples;
}

export type TrialResult =
  | { readonly kind: "completed"; readonly execution: number; readonly epoch: number; readonly weights: ModelWeights }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

export interface TrialContext {
  readonly engine: Engine;
  readonly data: TrainingData;
  /** Called after every epoch, before the next starts; its answer decides whether to go on. */
  readonly onEpoch: (measurement: EpochMeasurement) => Promise<"continue" | "stop">;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

/**
 * Trains every execution of a plan and keeps the weights of the best epoch of all executions (strictly better objective,
 * so the first of equals).
 */
export type TrainTrial = (plan: TrainingPlan, context: TrialContext) => Promise<TrialResult>;
