import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { RowRange, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { checkStudySpec } from "@sintonia/tuning/spec/check/parse";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { NamedDataStudy, PublishedFigures } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import { namedDataStudy } from "../study/spec/experiments.js";
import { trialValues } from "../study/values.js";

/** The part of a study's best trial that a refit needs. */
export interface BestTraining {
  /** Counted from 0. */
  readonly trialNumber: number;
  readonly values: ParameterValues;
  /**
   * Learning rate of each epoch up to and including the best epoch, as measured (float32); at least
   * one.
   */
  readonly learningRates: readonly number[];
}

/**
 * Extracts the input of a refit from a trial. The learning rates are those of the execution with
 * the best epoch.
 *
 * @param trial - completed trial with its measurements
 * @throws {Error} if the trial has no measurement
 */
export function bestTraining(trial: Trial): BestTraining {
  const { best, measurements } = trial;
  if (best === undefined) throw new Error(`trial ${trial.id} has no best epoch`);
  const learningRates = measurements
    .filter(({ execution, epoch }) => execution === best.execution && epoch <= best.epoch)
    .map(({ learningRate }) => learningRate);
  return { trialNumber: Number(trial.id), values: trialValues(trial), learningRates };
}

/**
 * Returns the spec of the study that trains the best model again, on the training and validation
 * rows together.
 *
 * The refit is one trial without parameters. It trains up to the best epoch's number and repeats
 * the learning rate of each epoch as the callbacks set it. A learning rate from a schedule keeps
 * the schedule, which counts steps and not epochs. Without validation rows no epoch can be chosen,
 * so the trial keeps the weights of the last epoch.
 *
 * @throws {Error} if the training and validation rows do not adjoin, or the values give no plan
 */
export function refitSpec(spec: NamedDataStudy, best: BestTraining): NamedDataStudy {
  const resolved = resolvePlan(spec, best.values, best.trialNumber);
  if (!resolved.ok) throw new Error(`the best values give no valid plan: ${formatProblems(resolved.problems)}`);
  const { model, training } = resolved.plan;
  const train = joined(spec.dataset.split);
  const stepsPerEpoch = Math.ceil((train[1] - train[0]) / training.batchSize);
  const learningRate = replayedRate(training.optimizer.learningRate, best.learningRates, stepsPerEpoch);
  const result = checkStudySpec({
    name: `${spec.name.slice(0, NAME_MAX - SUFFIX.length)}${SUFFIX}`,
    description: `The best model of ${spec.name}, trained again on its training and validation rows together.`,
    dataset: { name: spec.dataset.name, split: { train } },
    objective: { metric: "accuracy", goal: "maximize" },
    budget: { ...spec.budget, maxTrials: 1, executionsPerTrial: 1 },
    seed: spec.seed,
    parameters: {},
    model,
    training: {
      ...training,
      optimizer: { ...training.optimizer, learningRate },
      maxEpochs: best.learningRates.length,
      callbacks: [],
      keep: "last-epoch",
    },
    ...publishedOf(spec.published),
  });
  if (!result.ok) throw new Error(`the refit of ${spec.name} is not a valid study: ${formatProblems(result.problems)}`);
  return namedDataStudy(result.spec);
}

const SUFFIX = "-refit";
/** Longest name of a spec in characters. */
const NAME_MAX = 40;

/** Joins the training and validation rows to one range. */
function joined({ train, validation }: NamedDataStudy["dataset"]["split"]): RowRange {
  if (validation === undefined) return train;
  if (train[1] === validation[0]) return [train[0], validation[1]];
  if (validation[1] === train[0]) return [validation[0], train[1]];
  throw new Error("the training and validation rows do not adjoin, so they cannot be joined");
}

type LearningRate = TrainingPlan["training"]["optimizer"]["learningRate"];

/**
 * Returns the rates as one number, or as a piecewise constant schedule over the steps of the refit.
 */
function replayedRate(planned: LearningRate, rates: readonly number[], stepsPerEpoch: number): LearningRate {
  if (typeof planned !== "number") return planned;
  const changes = rates.flatMap((rate, epoch) => (epoch > 0 && rate !== rates[epoch - 1] ? [epoch] : []));
  // Write the planned number in place of its float32 rounding: it is shorter, and the engine rounds
  // it to the same value.
  const values = [0, ...changes].map((epoch) => {
    const rate = rates[epoch] as number;
    return rate === Math.fround(planned) ? planned : rate;
  });
  if (changes.length === 0) return values[0] as number;
  // A piece includes its boundary, and steps count from 0.
  const boundaries = changes.map((epoch) => epoch * stepsPerEpoch - 1);
  return { type: "PiecewiseConstantDecay", boundaries, values };
}

function publishedOf(published: PublishedFigures | undefined): { readonly published?: PublishedFigures } {
  const { source, refitTestAccuracy } = published ?? {};
  if (refitTestAccuracy === undefined) return {};
  return { published: { ...(source === undefined ? {} : { source }), testAccuracy: refitTestAccuracy } };
}
