import type { CallbackPlan, OptimizerPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Callback } from "./callback.js";
import { earlyStopping, type StoppingState } from "./early-stopping.js";
import type { EpochMetrics } from "./metric.js";
import { type PlateauState, reduceLROnPlateau } from "./reduce-lr-on-plateau.js";

/** The state of one callback between two epochs; null for a callback without state. */
export type CallbackState = PlateauState | StoppingState | null;

/**
 * Keras' TerminateOnNaN. The loop over the steps notices the divergence; this entry only decides
 * what follows.
 */
const terminateOnNaN: Callback<CallbackPlan, CallbackState> = {
  start: null,
  onEpochEnd: () => ({ state: null }),
  endsDivergedTraining: true,
};

/** The table of callbacks. */
const CALLBACKS: Readonly<Record<CallbackPlan["type"], Callback<CallbackPlan, CallbackState>>> = {
  ReduceLROnPlateau: reduceLROnPlateau,
  EarlyStopping: earlyStopping,
  TerminateOnNaN: terminateOnNaN,
};

/** The state of all callbacks between two epochs. Plain JSON, because checkpoints hold it. */
export interface CallbacksState {
  /**
   * Learning rate of the next epoch, a float32 value; or the plan's schedule. An argument of
   * `learningRateAt`.
   */
  readonly learningRate: OptimizerPlan["learningRate"];
  /** The next epoch, counted from 0. */
  readonly epoch: number;
  /** True once a callback has ended the training. */
  readonly stop: boolean;
  /** One state for each callback, in the plan's order. */
  readonly callbacks: readonly CallbackState[];
}

/** Returns the state before the first epoch. */
export function startCallbacks({
  optimizer,
  callbacks,
}: Pick<TrainingPlan["training"], "callbacks"> & {
  readonly optimizer: Pick<OptimizerPlan, "learningRate">;
}): CallbacksState {
  const { learningRate } = optimizer;
  return {
    learningRate: typeof learningRate === "number" ? Math.fround(learningRate) : learningRate,
    epoch: 0,
    stop: false,
    callbacks: callbacks.map(({ type }) => CALLBACKS[type].start),
  };
}

/**
 * Applies the callbacks at the end of an epoch, in the plan's order. Each sees the learning rate
 * that the callbacks before it left. A callback that stops the training does not keep later
 * callbacks from seeing the epoch.
 */
export function applyCallbacks(
  plans: readonly CallbackPlan[],
  before: CallbacksState,
  metrics: EpochMetrics,
): CallbacksState {
  const { epoch } = before;
  let { learningRate, stop } = before;
  const callbacks = plans.map((plan, index) => {
    const state = before.callbacks[index] as CallbackState;
    const decision = CALLBACKS[plan.type].onEpochEnd(plan, state, { epoch, metrics, learningRate });
    learningRate = decision.learningRate ?? learningRate;
    stop ||= decision.stop ?? false;
    return decision.state;
  });
  return { learningRate, epoch: epoch + 1, stop, callbacks };
}

/**
 * Returns the epoch whose weights training would end with if it ended now, counted from 0. The
 * last callback that restores an epoch decides. Undefined if training would end with the present
 * weights.
 */
export function epochToRestore(plans: readonly CallbackPlan[], { callbacks }: CallbacksState): number | undefined {
  const epochs = plans.map((plan, index) => {
    return CALLBACKS[plan.type].restoredEpoch?.(plan, callbacks[index] as CallbackState) ?? null;
  });
  return epochs.findLast((epoch) => epoch !== null);
}

/** Returns true if a training that diverges ends with the epochs before it. */
export function endsDivergedTraining(plans: readonly CallbackPlan[]): boolean {
  return plans.some(({ type }) => CALLBACKS[type].endsDivergedTraining ?? false);
}
