import { isBetter } from "@sintonia/tuning/objective/goal";
import { ruleFindings } from "@sintonia/tuning/plan/rules";
import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { formatProblems, toProblems } from "@sintonia/tuning/validation/problems";
import { dataFacts } from "../dataset/data-facts.js";
import { freshState } from "../engine/contract/engine.js";
import { initialWeights } from "../initializer/initial-weights.js";
import { type ExecutionContext, trainExecution } from "./execution.js";
import { batchwise, type ExecutionStart } from "./execution-session.js";
import type { EpochsPlan, TrainingData, TrialContext, TrialResult } from "./trial.js";
import type { EndedExecutions, EpochWeights, TrialState } from "./trial-state.js";

/**
 * Trains every execution of a plan and returns the best of the weights that the executions end
 * with. Of equal objective values, the first wins.
 *
 * - A trial that resumes from a state ends as the interrupted trial would have ended: bit for bit,
 *   if engine and number of
 *   threads are the same.
 * - A loss that is NaN or infinite ends the trial as infeasible at once, in any execution. With
 *   TerminateOnNaN among the
 *   callbacks, the execution instead ends with the epochs measured before, if there are any.
 * - A plan that does not fit the data ends the trial as infeasible before the first epoch.
 * - Errors of the engine and of `onEpoch` are passed on. The engine's session is disposed of in
 *   every case.
 * - The event loop runs after each step.
 *
 * @throws {RangeError} if the plan has no execution or no epoch
 */
export async function trainTrial(plan: TrainingPlan, { engine, ...context }: TrialContext): Promise<TrialResult> {
  const open = async ({ seed, state, data }: ExecutionStart) => {
    const fresh = () => freshState(initialWeights(plan, data.train.features, seed));
    return batchwise(await engine.open(plan, { state: state ?? fresh(), seed }), data);
  };
  const misfit = (data: TrainingData) => {
    const problems = toProblems(ruleFindings({ ...plan, facts: dataFacts(data) }));
    return problems.length === 0 ? undefined : formatProblems(problems).replaceAll("\n", "; ");
  };
  return trainExecutions(plan, { ...context, open, misfit });
}

/** As `trainTrial`, with sessions that `open` opens. */
export async function trainExecutions(plan: EpochsPlan, context: ExecutionContext): Promise<TrialResult> {
  const { state } = context;
  let ended: EndedExecutions = state === undefined ? { keptEpochs: [] } : endedOf(state);
  for (let index = state?.execution ?? 0; index < plan.seeds.length; index++) {
    const data = (await context.dataOf?.(index)) ?? context.data;
    const message = context.misfit?.(data);
    if (message !== undefined) return { kind: "infeasible", message };
    const isInProgress = state !== undefined && state.execution === index;
    const execution = { index, ended, ...(isInProgress ? { state } : {}) };
    const end = await trainExecution(plan, { ...context, data }, execution);
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
  const isBest = best === undefined || isBetter(kept.value, best.value, objective.goal);
  return { best: isBest ? kept : best, keptEpochs: [...keptEpochs, kept.epoch] };
}
