import type {
  CallbackPlan,
  EarlyStoppingPlan,
  ReduceLROnPlateauPlan,
  TrainingPlan,
} from "@sintonia/tuning/plan/training-plan";
import { applyCallbacks, type CallbacksState, startCallbacks } from "./callbacks.js";
import type { EpochMetrics } from "./metric.js";

/** Returns the arguments of the published experiments, with changes. */
export function plateau(change: Partial<ReduceLROnPlateauPlan> = {}): ReduceLROnPlateauPlan {
  const type = "ReduceLROnPlateau";
  return {
    type,
    monitor: "val_accuracy",
    mode: "auto",
    factor: 0.3787,
    patience: 2,
    minDelta: 1e-4,
    cooldown: 0,
    minLr: 1e-5,
    ...change,
  };
}

/** Returns the arguments of the published experiments, with changes. */
export function stopping(change: Partial<EarlyStoppingPlan> = {}): EarlyStoppingPlan {
  return {
    type: "EarlyStopping",
    monitor: "val_accuracy",
    mode: "auto",
    patience: 4,
    minDelta: 1e-5,
    restoreBestWeights: false,
    startFromEpoch: 0,
    ...change,
  };
}

/** Returns metrics that are 0, with changes. */
export function metrics(change: Partial<EpochMetrics>): EpochMetrics {
  return { loss: 0, accuracy: 0, val_loss: 0, val_accuracy: 0, ...change };
}

/** One epoch of a trace. */
export interface Epoch {
  /** Learning rate of the epoch. */
  readonly used: number;
  readonly after: CallbacksState;
}

/**
 * Applies callbacks to epochs until one stops. Each state is encoded as JSON and decoded, as in a
 * checkpoint.
 */
export function run(plans: CallbackPlan[], learningRate: number, epochs: readonly EpochMetrics[]): Epoch[] {
  const training = { optimizer: { learningRate }, callbacks: plans } as unknown as TrainingPlan["training"];
  const trace: Epoch[] = [];
  let state = startCallbacks(training);
  for (const values of epochs) {
    const used = state.learningRate as number;
    state = JSON.parse(JSON.stringify(applyCallbacks(plans, state, values)));
    trace.push({ used, after: state });
    if (state.stop) break;
  }
  return trace;
}

/** Returns metrics with these validation accuracies, rounded to float32 as in Keras. */
export function accuracies(values: readonly number[]): EpochMetrics[] {
  return values.map((value) => metrics({ val_accuracy: Math.fround(value) }));
}

/** Returns `wait` of every callback. */
export function waits(epoch: Epoch): (number | undefined)[] {
  return epoch.after.callbacks.map((state) => state?.wait);
}

/** Returns the epochs after which the learning rate fell. */
export function reductions(trace: readonly Epoch[]): number[] {
  return trace.flatMap(({ used, after }, index) => ((after.learningRate as number) < used ? [index] : []));
}
