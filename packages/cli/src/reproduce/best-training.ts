import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { trialValues } from "../study/values.js";
import type { BestTraining } from "./refit-spec.js";

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
