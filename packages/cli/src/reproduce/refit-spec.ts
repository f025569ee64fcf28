import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { RowRange, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { checkStudySpec } from "@sintonia/tuning/spec/check/parse";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { PublishedFigures, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import { trialValues } from "../study/values.js";

/** What a refit takes from the best trial of a study. */
export interface BestTraining {
  /** From 0. */
  readonly trialNumber: number;
  readonly values: ParameterValues;
  /** Learning rate of each epoch up to and including the best one; at least one. Float32 values, as they are measured. */
  readonly learningRates: readonly number[];
}

/**
 * What a refit takes from a trial: the learning rates of the execution with the best epoch, up to that epoch.
 *
 * @param trial - completed, with its measurements
 * @throws {Error} if the trial was measured in no epoch
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
 * The study that trains the best model of another one again, on its training and validation rows together: one trial
 * without parameters, for as many epochs as the best epoch took, with the learning rates that the callbacks had made of
 * it. No validation is left that could choose an epoch, so the last one's weights are kept.
 *
 * A learning rate that a schedule computes stays with its schedule, which counts steps and not epochs.
 *
 * @throws {Error} if the rows of the two do not follow each other
 */
export function refitSpec(spec: StudySpec, best: BestTraining): StudySpec {
  const { model, training } = resolvePlan(spec, best.values, best.trialNumber);
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
  if (!result.ok) throw new Error(`the refit of ${spec.name} is no valid study: ${formatProblems(result.problems)}`);
  return result.spec;
}

const SUFFIX = "-refit";
/** Longest name of a spec. */
const NAME_MAX = 40;

/** The rows of training and validation as one range. */
function joined({ train, validation }: StudySpec["dataset"]["split"]): RowRange {
  if (validation === undefined) return train;
  if (train[1] === validation[0]) return [train[0], validation[1]];
  if (validation[1] === train[0]) return [validation[0], train[1]];
  throw new Error("rows of training and validation that do not follow each other cannot be joined");
}

type LearningRate = TrainingPlan["training"]["optimizer"]["learningRate"];

/** The rates of the epochs as one number, or as pieces whose ends are steps of the new training. */
function replayedRate(planned: LearningRate, rates: readonly number[], stepsPerEpoch: number): LearningRate {
  if (typeof planned !== "number") return planned;
  const changes = rates.flatMap((rate, epoch) => (epoch > 0 && rate !== rates[epoch - 1] ? [epoch] : []));
  // The planned number reads better than its float32 neighbour and is the same to an engine.
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
