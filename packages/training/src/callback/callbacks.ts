import type { CallbackPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { STOPPING_START, type StoppingState, stopEarly } from "./early-stopping.js";
import type { EpochMetrics } from "./metric.js";
import { PLATEAU_START, type PlateauState, reduceOnPlateau } from "./reduce-lr-on-plateau.js";

/** All that callbacks carry from epoch to epoch. Plain JSON, so that a checkpoint can hold it. */
export interface CallbacksState {
  /** Of the next epoch, a float32 value. */
  readonly learningRate: number;
  /** True once a callback ended the training. */
  readonly stop: boolean;
  /** One for each callback of the plan, in its order. */
  readonly callbacks: readonly (PlateauState | StoppingState)[];
}

/** State before the first epoch. */
export function startCallbacks({ optimizer, callbacks }: TrainingPlan["training"]): CallbacksState {
  return {
    learningRate: Math.fround(optimizer.learningRate as number),
    stop: false,
    callbacks: callbacks.map((plan) => (plan.type === "EarlyStopping" ? STOPPING_START : PLATEAU_START)),
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
    const state = before.callbacks[index] as PlateauState & StoppingState;
    if (plan.type === "EarlyStopping") {
      const answer = stopEarly(plan, state, metrics);
      stop ||= answer.stop;
      return answer.state;
    }
    if (plan.type === "TerminateOnNaN") return state;
    const answer = reduceOnPlateau(plan, state, metrics, learningRate);
    learningRate = answer.learningRate;
    return answer.state;
  });
  return { learningRate, stop, callbacks };
}
