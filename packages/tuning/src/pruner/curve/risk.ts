// The verdict by risk: a trial ends once it will hardly end significantly better than the best
// completed one.

import { objectiveOf, scoreOf } from "../../objective/goal.js";
import type { Evidence, LearningCurve, PruningRequest, Verdict } from "../contract/pruner.js";
import { bestSoFar } from "../learning-curve/best-so-far.js";
import { lastEpochOf } from "../learning-curve/last-epoch.js";
import { exceedance, type Question } from "./forecast.js";
import { executionAt, type Moment, momentAt, placeOf } from "./moments.js";
import { jitter, SIGNIFICANT_DIFFERENCE, shareError } from "./noise.js";

/** Completed trials before the first verdict: from one alone no spread can be learned. */
const COMPLETED_MIN = 2;
/** Epochs of a trial before its first verdict: one epoch shows no progress. */
const EPOCHS_MIN = 2;
/** Epochs without a verdict after a reduction of the learning rate, while the curve jumps. */
const REST_EPOCHS = 2;

/**
 * Prior standard deviation of the final objectives of equally good trials, in the unit of the
 * noise. `share`, in standard errors of a share of rows, is below 1, because all trials are
 * measured on the same rows. `jitter`, in standard deviations of an epoch's jitter, is above 1,
 * because two trials with different seeds differ by more than the jitter.
 */
const SPREAD = { share: 0.5, jitter: 2 } as const;

const GOES_ON: Verdict = { kind: "continue" };

/**
 * Ends a trial if the probability that the trial ends significantly better than the best completed
 * one is below the risk.
 *
 * - A trial ends with its best epoch. Significantly better: by more than 1.96 √2 standard errors of
 *   a measured objective, those of a share of correct rows where the request states the rows, or
 *   else the jitter of the completed curves.
 * - The probability comes from the completed trials at the same age in the same phase of the
 *   learning rate, so that a reduction that is still due counts. Forecasts that fail on the
 *   completed trials lose weight and widen.
 * - The verdict is an expectation at one epoch. A trial meets one at nearly every epoch, so more
 *   than the share `risk` of the trials that would have ended significantly better may be pruned.
 */
export function judgeByRisk(request: PruningRequest, risk: number): Verdict {
  const { trial, others, goal } = request;
  const at = lastEpochOf(trial);
  if (at === undefined || at.epoch + 1 < EPOCHS_MIN) return GOES_ON;
  const execution = executionAt(trial, at.execution);
  const place = placeOf(execution);
  if (place.phase > 0 && place.age < REST_EPOCHS) return GOES_ON;
  const completed = others.filter(({ state, executions }) => state === "completed" && executions.length > at.execution);
  const references = completed.flatMap((curve) => momentAt(executionAt(curve, at.execution), place, goal) ?? []);
  if (references.length < COMPLETED_MIN) return GOES_ON;
  const { target, ...errors } = targetOf(request, completed, at.execution);
  const moment = momentAt(execution, place, goal) as Moment;
  const isOpen = Number.isFinite(target - moment.best) && moment.best < target;
  if (!isOpen || exceedance({ moment, references, target, ...errors }) >= risk) return GOES_ON;
  const [value, limit] = [objectiveOf(moment.best, goal), objectiveOf(target, goal)];
  const evidence: Evidence = { pruner: "curve", ...at, value, limit, trials: references.length };
  return { kind: "prune", evidence };
}

/**
 * Returns the score that an execution must reach so that the trial's mean over the executions so
 * far is significantly better than that of the best completed trial.
 */
function targetOf(
  { trial, goal, rows }: PruningRequest,
  completed: readonly LearningCurve[],
  execution: number,
): Pick<Question, "target" | "noise" | "spread"> {
  const sumBefore = (curve: LearningCurve, count: number) =>
    curve.executions.slice(0, count).reduce((sum, objectives) => sum + finalOf(objectives), 0);
  const finalOf = (objectives: readonly number[]) => scoreOf(bestSoFar(objectives, goal).at(-1) as number, goal);
  const count = execution + 1;
  const best = Math.max(...completed.map((curve) => sumBefore(curve, count) / count));
  const noise =
    rows === undefined
      ? jitter(completed.map(({ executions }) => executions[execution] as readonly number[]))
      : shareError(objectiveOf(best, goal), rows);
  const mean = best + (SIGNIFICANT_DIFFERENCE * noise) / Math.sqrt(count);
  const spread = noise * SPREAD[rows === undefined ? "jitter" : "share"];
  return { target: count * mean - sumBefore(trial, execution), noise, spread };
}
