import type { CallbackPlan, OptimizerPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { STOPPING_START, type StoppingState, stopEarly } from "./early-stopping.js";
import type { EpochMetrics } from "./metric.js";
import { PLATEAU_START, type PlateauState, reduceOnPlateau } from "./reduce-lr-on-plateau.js";

/** What one callback carries from epoch to epoch; null for TerminateOnNaN, which looks at batches only. */
export type CallbackState = PlateauState | StoppingState | null;

/** All that callbacks carry from epoch to epoch. Plain JSON, so that a checkpoint can hold it. */
export interface CallbacksState {
  /** Of the next epoch, a float32 value; or the plan's schedule, which no callback changes. For `learningRateAt`. */
  readonly learningRate: OptimizerPlan["learningRate"];
  /** The next one, counted from 0: as many as the callbacks have seen. */
  readonly epoch: number;
  /** True once a callback ended the training. */
  readonly stop: boolean;
  /** One for each callback of the plan, in its order. */
  readonly callbacks: readonly CallbackState[];
}

/** State before the first epoch. */
export function startCallbacks({ optimizer, callbacks }: TrainingPlan["training"]): CallbacksState {
  const { learningRate } = optimizer;
  return {
    learningRate: typeof learningRate === "number" ? Math.fround(learningRate) : learningRate,
    epoch: 0,
    stop: false,
    callbacks: callbacks.map(startOf),
  };
}

/**
 * Applies the callbacks in the plan's order at the end of an epoch. All of them see every epoch, also the one in which an
 * earlier one stops the training.
 */
export function applyCallbacks(
  plans: readonly CallbackPlan[],
  before: CallbacksState,
  metrics: EpochMetrics,
): CallbacksState {
  let { learningRate, stop } = before;
  const callbacks = plans.map((plan, index) => {
    if (plan.type === "TerminateOnNaN") return null;
    const state = before.callbacks[index] as PlateauState & StoppingState;
    if (plan.type === "EarlyStopping") {
      const answer = stopEarly(plan, state, metrics, before.epoch);
      stop ||= answer.stop;
      return answer.state;
    }
    // A number: plan/rules.ts refuses this callback beside a schedule.
    const answer = reduceOnPlateau(plan, state, metrics, learningRate as number);
    learningRate = answer.learningRate;
    return answer.state;
  });
  return { learningRate, epoch: before.epoch + 1, stop, callbacks };
}

/**
 * The epoch whose weights training would end with if it ended now: by the last callback that restores the best weights
 * and has looked at an epoch. Undefined if training ends with the weights it has.
 *
 * Whoever trains keeps the weights of an epoch for which this is the answer right after it, and needs to keep one set:
 * the answer only ever changes to the epoch that has just ended.
 */
export function epochToRestore(plans: readonly CallbackPlan[], { callbacks }: CallbacksState): number | undefined {
  const epochs = plans.map((plan, index) => {
    const restores = plan.type === "EarlyStopping" && plan.restoreBestWeights;
    return restores ? (callbacks[index] as StoppingState).bestEpoch : null;
  });
  return epochs.findLast((epoch) => epoch !== null);
}

function startOf({ type }: CallbackPlan): CallbackState {
  switch (type) {
    case "ReduceLROnPlateau":
      return PLATEAU_START;
    case "EarlyStopping":
      return STOPPING_START;
    case "TerminateOnNaN":
      return null;
  }
}
