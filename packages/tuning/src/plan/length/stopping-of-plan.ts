import { goalOfMetric } from "../metric.js";
import type { ModulePlan } from "../module-plan.js";
import { isProgramPlan, type TrialPlan } from "../program-plan.js";
import { type EarlyStoppingPlan, isFileDataSet, type Objective, type TrainingPlan } from "../training-plan.js";
import type { Stopping } from "./early-stopping.js";

/** The values of c, which fit the recorded trials of mnist-learning-rate and mnist-init. */
const NEW_BEST = { constantRate: 4, reducedRate: 2 } as const;

/**
 * Learning rate times updates of an epoch. Adam and RMSprop move a weight by about the learning
 * rate in an update, whatever the gradient. With half this product, new best epochs are likely for
 * twice as many epochs. The value fits the recorded trials of mnist-learning-rate and
 * fashion-init.
 */
const SLOW_BELOW = 0.1;

/**
 * Returns what decides when a training of a plan ends; undefined for a program that states no
 * number of epochs.
 */
export function stoppingOfPlan(plan: TrialPlan): Stopping | undefined {
  if (!isProgramPlan(plan)) return stoppingOfTraining(plan);
  return plan.training && wholeTraining(plan.training.maxEpochs);
}

/** Returns the stopping of a training that nothing stops early. */
export function wholeTraining(maxEpochs: number): Stopping {
  return { maxEpochs, patience: maxEpochs, newBest: 1 };
}

function stoppingOfTraining(plan: TrainingPlan | ModulePlan): Stopping {
  const { maxEpochs, callbacks } = plan.training;
  const early = callbacks.find((callback) => callback.type === "EarlyStopping");
  if (early === undefined) return wholeTraining(maxEpochs);
  const isReduced = callbacks.some(({ type }) => type === "ReduceLROnPlateau");
  const usual = isReduced ? NEW_BEST.reducedRate : NEW_BEST.constantRate;
  return {
    maxEpochs,
    patience: Math.max(1, early.patience),
    newBest: usual * slowness(plan),
    monitored: monitoredBy(early),
  };
}

/**
 * Returns how many times as long as usual a training improves, at least 1; 1 where the learning
 * rate has a schedule, the optimizer's steps depend on the gradient's size, or the number of rows
 * is unknown.
 */
function slowness({ dataset, training: { optimizer, batchSize } }: TrainingPlan | ModulePlan): number {
  const rate = optimizer?.type === "sgd" ? undefined : optimizer?.learningRate;
  if (typeof rate !== "number" || isFileDataSet(dataset)) return 1;
  const [start, end] = dataset.split.train;
  return Math.max(1, SLOW_BELOW / (rate * Math.ceil((end - start) / batchSize)));
}

function monitoredBy({ monitor, mode }: EarlyStoppingPlan): Objective {
  const goals = { auto: goalOfMetric(monitor), min: "minimize", max: "maximize" } as const;
  return { metric: monitor, goal: goals[mode] };
}
