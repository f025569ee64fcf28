import type { Goal } from "../../objective/goal.js";
import type { PartialResult } from "../../objective/observation.js";
import type { ParameterValues } from "../../space/parameter.js";
import type { LearningCurve } from "../contract/pruner.js";
import type { PrunerSettings } from "../contract/settings.js";
import { bestBy } from "./best-so-far.js";

/** A trial with its learning curve. */
export interface TrainedTrial {
  readonly values: ParameterValues;
  readonly curve: LearningCurve;
  /** Epochs of the trial's full training; undefined if unknown. */
  readonly maxEpochs: number | undefined;
}

/** Each level has a third of the epochs of the one above, as the rungs of Hyperband. */
const LEVEL_FACTOR = 3;
/** Levels below the full training. Earlier epochs say little about its end. */
const LEVELS = 3;
/** Upper limit of trials with partial results: the latest ones. It bounds a request. */
const TRIALS_MAX = 300;

/**
 * Returns what trials had reached before the end of their training: at 1/3, 1/9 and 1/27 of the
 * full training, and at the last epoch of a trial that has not completed. Failed, infeasible and
 * cancelled trials have none.
 *
 * @param trials - in the order of their numbers
 */
export function partialResults(trials: readonly TrainedTrial[], goal: Goal): PartialResult[] {
  return trials
    .filter(({ curve }) => curve.state !== "ended")
    .slice(-TRIALS_MAX)
    .flatMap((trial) => resultsOf(trial, goal));
}

/**
 * Returns the epochs of a full training where no plan states them: those of the pruner, or of the
 * longest completed trial; undefined before one has completed.
 */
export function longestTraining(
  pruner: PrunerSettings | undefined,
  curves: readonly LearningCurve[],
): number | undefined {
  if (pruner?.type === "hyperband" && pruner.maxEpochs !== undefined) return pruner.maxEpochs;
  const completed = curves.filter(({ state }) => state === "completed");
  const lengths = completed.flatMap(({ executions }) => executions.map(({ length }) => length));
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}

function resultsOf({ values, curve, maxEpochs }: TrainedTrial, goal: Goal): PartialResult[] {
  if (maxEpochs === undefined) return [];
  const reached = Math.min(maxEpochs - 1, Math.max(0, ...curve.executions.map(({ length }) => length)));
  const last = curve.state === "completed" ? [] : [reached];
  const levels = Array.from({ length: LEVELS }, (_, k) => Math.round(maxEpochs / LEVEL_FACTOR ** (k + 1)));
  const epochs = new Set([...last, ...levels].filter((epoch) => epoch >= 1 && epoch <= reached));
  return [...epochs].map((epoch) => ({ values, objective: meanBy(curve, epoch, goal), fidelity: epoch / maxEpochs }));
}

/** Returns the mean over the executions that have reached an epoch; there is at least one. */
function meanBy(curve: LearningCurve, epochs: number, goal: Goal): number {
  const bests = curve.executions.flatMap((_, execution) => bestBy(curve, { execution, epoch: epochs - 1 }, goal) ?? []);
  return bests.reduce((sum, best) => sum + best / bests.length, 0);
}
