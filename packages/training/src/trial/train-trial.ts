import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, Examples, ModelWeights } from "../engine/engine.js";
import { type BestEpoch, trainExecution } from "./execution.js";

/** What one epoch of one execution measured. Both counted from 0. */
export interface EpochMeasurement {
  readonly execution: number;
  readonly epoch: number;
  /** Keras' names: loss, accuracy, val_loss, val_accuracy; float32 values as numbers. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Learning rate the epoch began with; only a schedule changes it within the epoch. */
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

/**
 * A loss that is no longer finite ends the trial as infeasible at once, in whichever execution. What the engine or
 * `onEpoch` throws is passed on; the engine's session is disposed of in any case. Lets the event loop run after each step.
 *
 * @throws {RangeError} if the plan has no execution or no epoch
 */
export const trainTrial: TrainTrial = async (plan, context) => {
  let best: BestEpoch | undefined;
  for (const execution of plan.seeds.keys()) {
    const end = await trainExecution(plan, context, execution, best);
    if (end.kind !== "completed") return end;
    best = end.best;
  }
  if (best === undefined) throw new RangeError("a plan needs at least one seed and one epoch");
  return { kind: "completed", execution: best.execution, epoch: best.epoch, weights: best.weights };
};
