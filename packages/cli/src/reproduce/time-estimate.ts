// Time estimates of studies. The specs give the number of training steps; the seconds per step are
// a rough constant, which the measured times of ended studies correct.

import { expectedEpochs } from "@sintonia/tuning/plan/length/early-stopping";
import { stoppingOfPlan } from "@sintonia/tuning/plan/length/stopping-of-plan";
import type { ModelPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { valuesAt } from "@sintonia/tuning/space/point";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import { trialsMax } from "@sintonia/tuning/spec/selection";
import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";

/**
 * Seconds of one thread per training step and parameter of the model. One step with p parameters
 * and batch size b takes p * (b * EXAMPLE_SECONDS + OPTIMIZER_SECONDS). Measured with the onnx
 * engine on one AVX-512 core, 784-800-10, batch 256: 10.6 ms per step, of which 7.0 ms are matrix
 * products.
 */
const EXAMPLE_SECONDS = 4.3e-11;
const OPTIMIZER_SECONDS = 5.7e-9;
/**
 * Seconds of a trial apart from its steps: start, uploads, final evaluation. A trial of few steps
 * took 2 s on a busy machine.
 */
const TRIAL_SECONDS = 1.5;
/** Features of an example in both data sets. */
const FEATURES = 784;

/**
 * Returns the rough estimate of a trial's seconds, for the values in the middle of the search
 * space.
 */
export function expectedTrialSeconds(spec: NamedDataStudy): number {
  const middle = valuesAt(
    spec.parameters,
    Object.keys(spec.parameters).map(() => 0.5),
  );
  const resolved = resolvePlan(spec, middle, 0);
  // Constraints may forbid the middle, whose plan need not be valid.
  if (!resolved.ok) return TRIAL_SECONDS;
  const { model, training } = resolved.plan;
  const [start, end] = spec.dataset.split.train;
  const steps = Math.ceil((end - start) / training.batchSize) * wholeEpochs(resolved.plan);
  const step = parameterCount(model) * (training.batchSize * EXAMPLE_SECONDS + OPTIMIZER_SECONDS);
  return TRIAL_SECONDS + steps * step;
}

/** A study that has ended. */
export interface EndedStudy {
  readonly spec: NamedDataStudy;
  /** Sum of the durations of its completed trials, in seconds. */
  readonly trialSeconds: number;
  /** Number of its completed trials. */
  readonly trials: number;
}

/** Returns measured time / estimated time over all ended studies; 1 while no study has ended. */
export function measuredSlowdown(ended: readonly EndedStudy[]): number {
  const expected = ended.reduce((sum, { spec, trials }) => sum + trials * expectedTrialSeconds(spec), 0);
  const taken = ended.reduce((sum, { trialSeconds }) => sum + trialSeconds, 0);
  return expected > 0 && taken > 0 ? taken / expected : 1;
}

/** The remaining work of one experiment. */
export interface RemainingWork {
  readonly spec: NamedDataStudy;
  readonly study: boolean;
  readonly refit: boolean;
}

/**
 * Estimates the remaining seconds of experiments that run one after the other.
 *
 * @param trainers - number of trials that train at the same time
 * @param slowdown - result of `measuredSlowdown`
 */
export function secondsLeft(remaining: readonly RemainingWork[], trainers: number, slowdown: number): number {
  const seconds = remaining.map(({ spec, study, refit }) => {
    const trialsInARow = (study ? Math.ceil(trialsMax(spec) / trainers) : 0) + (refit ? 1 : 0);
    return trialsInARow * expectedTrialSeconds(spec);
  });
  return slowdown * seconds.reduce((sum, value) => sum + value, 0);
}

function wholeEpochs(plan: TrainingPlan): number {
  const stopping = stoppingOfPlan(plan);
  return stopping === undefined ? plan.training.maxEpochs : expectedEpochs(stopping, { best: 0, epochs: 0 });
}

/** Counts the parameters of the dense layers, which are nearly all parameters of a model. */
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
