import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../dataset/examples.js";
import type { Engine } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";
import { trainExecution } from "./execution.js";
import { isBetter } from "./kept-epoch.js";
import type { EndedExecutions, EpochWeights, TrialState } from "./trial-state.js";

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
  /** Absent where the plan has no rows for it. */
  readonly validation?: Examples;
}

export type TrialResult =
  | {
      readonly kind: "completed";
      /** Where the weights are from. */
      readonly execution: number;
      readonly epoch: number;
      readonly weights: ModelWeights;
      /** For each execution the epoch whose weights it ended with. */
      readonly keptEpochs: readonly number[];
    }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

export interface TrialContext {
  readonly engine: Engine;
  readonly data: TrainingData;
  /** Called after every epoch, before the next starts, with all that a trial goes on from there; says whether to go on. */
  readonly onEpoch: (measurement: EpochMeasurement, state: TrialState) => Promise<"continue" | "stop">;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Where to go on, as `onEpoch` was told it by a trial of the same plan; from the start where absent. */
  readonly state?: TrialState;
}

/**
 * Trains every execution of a plan and keeps the best of the weights that they end with (strictly better objective, so the
 * first of equals). A trial that goes on from a state ends as the one that was left would have ended, to the bit if engine
 * and threads are the same.
 *
 * A loss that is no longer finite ends the trial as infeasible at once, in whichever execution, unless TerminateOnNaN is
 * among the callbacks and an epoch was measured before. What the engine or `onEpoch` throws is passed on; the engine's
 * session is disposed of in any case. Lets the event loop run after each step.
 *
 * @throws {RangeError} if the plan has no execution or no epoch
 */
export async function trainTrial(plan: TrainingPlan, context: TrialContext): Promise<TrialResult> {
  const { state } = context;
  let ended: EndedExecutions = state === undefined ? { keptEpochs: [] } : endedOf(state);
  for (let index = state?.execution ?? 0; index < plan.seeds.length; index++) {
    const isUnderWay = state !== undefined && state.execution === index;
    const end = await trainExecution(plan, context, { index, ended, ...(isUnderWay ? { state } : {}) });
    if (end.kind !== "completed") return end;
    ended = withExecution(plan.objective, ended, end.kept);
  }
  const { best, keptEpochs } = ended;
  if (best === undefined) throw new RangeError("a plan needs at least one seed");
  return { kind: "completed", execution: best.execution, epoch: best.epoch, weights: best.weights, keptEpochs };
}

function endedOf({ best, keptEpochs }: TrialState): EndedExecutions {
  return best === undefined ? { keptEpochs } : { best, keptEpochs };
}

function withExecution(
  objective: Objective,
  { best, keptEpochs }: EndedExecutions,
  kept: EpochWeights,
): EndedExecutions {
  const isBest = best === undefined || isBetter(objective, kept.value, best.value);
  return { best: isBest ? kept : best, keptEpochs: [...keptEpochs, kept.epoch] };
}
