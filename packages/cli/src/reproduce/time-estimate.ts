// How long studies take, before and while they run: steps are counted from the specs, their cost is a rough figure that
// the studies that have ended correct.

import type { ModelPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { valuesAt } from "@sintonia/tuning/space/point";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import { trialsMax } from "@sintonia/tuning/spec/selection";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";

/**
 * Seconds of one thread for each parameter of the model and training step: for each example of the batch, and once for
 * the optimizer. Measured with the onnx engine on one AVX-512 core, 784-800-10, batch 256: 10.6 ms a step, of which 7.0
 * in matrix products.
 */
const EXAMPLE_SECONDS = 4.3e-11;
const OPTIMIZER_SECONDS = 5.7e-9;
/** A trial beside its steps: start, uploads, and the evaluation at the end. A quick one, of hardly any steps, took 2 s on a busy machine. */
const TRIAL_SECONDS = 1.5;
/** Of the epochs allowed, those that early stopping lets happen: 38 to 80 of 100 in the sheet's studies under Keras. */
const EARLY_STOPPING_SHARE = 0.5;
/** Features of both data sets. */
const FEATURES = 784;

/** One trial of a study in the middle of its space: seconds that it takes by the rough figures. */
export function expectedTrialSeconds(spec: StudySpec): number {
  const middle = valuesAt(
    spec.parameters,
    Object.keys(spec.parameters).map(() => 0.5),
  );
  const { model, training } = resolvePlan(spec, middle, 0);
  const [start, end] = spec.dataset.split.train;
  const steps = Math.ceil((end - start) / training.batchSize) * expectedEpochs(training);
  const step = parameterCount(model) * (training.batchSize * EXAMPLE_SECONDS + OPTIMIZER_SECONDS);
  return TRIAL_SECONDS + steps * step;
}

/** A study that has ended. */
export interface EndedStudy {
  readonly spec: StudySpec;
  /** What its trials took, in seconds, and how many they were. */
  readonly trialSeconds: number;
  readonly trials: number;
}

/** How much slower than by the rough figures trials have been; 1 while none has ended. */
export function measuredPace(ended: readonly EndedStudy[]): number {
  const expected = ended.reduce((sum, { spec, trials }) => sum + trials * expectedTrialSeconds(spec), 0);
  const taken = ended.reduce((sum, { trialSeconds }) => sum + trialSeconds, 0);
  return expected > 0 && taken > 0 ? taken / expected : 1;
}

/** What is still to be done for one experiment. */
export interface Outstanding {
  readonly spec: StudySpec;
  readonly study: boolean;
  readonly refit: boolean;
}

/**
 * Seconds that experiments still take, one after the other on the same trainers.
 *
 * @param trainers - that train trials at the same time
 * @param pace - from `measuredPace`
 */
export function secondsLeft(outstanding: readonly Outstanding[], trainers: number, pace: number): number {
  const rounds = outstanding.map(({ spec, study, refit }) => {
    const trialsInARow = (study ? Math.ceil(trialsMax(spec) / trainers) : 0) + (refit ? 1 : 0);
    return trialsInARow * expectedTrialSeconds(spec);
  });
  return pace * rounds.reduce((sum, seconds) => sum + seconds, 0);
}

function expectedEpochs({ maxEpochs, callbacks }: TrainingPlan["training"]): number {
  return callbacks.some(({ type }) => type === "EarlyStopping") ? maxEpochs * EARLY_STOPPING_SHARE : maxEpochs;
}

/** Weights of the dense layers, which are nearly all of a model's. */
function parameterCount({ layers }: ModelPlan): number {
  let inputs = FEATURES;
  let count = 0;
  for (const layer of layers) {
    if (layer.type !== "Dense") continue;
    count += (inputs + 1) * layer.units;
    inputs = layer.units;
  }
  return count;
}
