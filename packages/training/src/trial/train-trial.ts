import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { trainExecution } from "./execution.js";
import { isBetter } from "./kept-epoch.js";
import type { TrialContext, TrialResult } from "./trial.js";
import type { EndedExecutions, EpochWeights, TrialState } from "./trial-state.js";

/**
 * Trains every execution of a plan and keeps the best of the weights that they end with (strictly better objective, so the
 * first of equals). A trial that goes on from a state ends as the one that was left would have ended, to the bit if engine
 * and threads are the same.
 *
 * A loss that is no longer finite ends the trial as infeasible at once, in whichever execution, unless TerminateOnNaN is
 * among the callbacks and an epoch was measured before. What the engine or `onEpoch` throws is passed on; the engine's
 * session is disposed of in any case. Lets the event loop run after each step.
 *
 * @throws {RangeError} if the plan has no execution or no epoch
 */
export async function trainTrial(plan: TrainingPlan, context: TrialContext): Promise<TrialResult> {
  const { state } = context;
  let ended: EndedExecutions = state === undefined ? { keptEpochs: [] } : endedOf(state);
  for (let index = state?.execution ?? 0; index < plan.seeds.length; index++) {
    const isUnderWay = state !== undefined && state.execution === index;
    const end = await trainExecution(plan, context, { index, ended, ...(isUnderWay ? { state } : {}) });
    if (end.kind !== "completed") return end;
    ended = withExecution(plan.objective, ended, end.kept);
  }
  const { best, keptEpochs } = ended;
  if (best === undefined) throw new RangeError("a plan needs at least one seed");
  return { kind: "completed", execution: best.execution, epoch: best.epoch, weights: best.weights, keptEpochs };
}

function endedOf({ best, keptEpochs }: TrialState): EndedExecutions {
  return best === undefined ? { keptEpochs } : { best, keptEpochs };
}

function withExecution(
  objective: Objective,
  { best, keptEpochs }: EndedExecutions,
  kept: EpochWeights,
): EndedExecutions {
  const isBest = best === undefined || isBetter(objective, kept.value, best.value);
  return { best: isBest ? kept : best, keptEpochs: [...keptEpochs, kept.epoch] };
}
