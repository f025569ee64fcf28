import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { applyCallbacks, startCallbacks } from "../callback/callbacks.js";
import { type EngineSession, freshState } from "../engine/contract/engine.js";
import { initialWeights } from "../initializer/initial-weights.js";
import { learningRateAt } from "../schedule/learning-rate.js";
import { batchOrder } from "./batch-order.js";
import { type EpochResult, type EpochSettings, runEpoch } from "./epoch.js";
import { isKept } from "./kept-epoch.js";
import type { TrialContext } from "./trial.js";
import type { EndedExecutions, EpochWeights, TrialState } from "./trial-state.js";

export type ExecutionEnd =
  | { readonly kind: "completed"; readonly kept: EpochWeights }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

/** One training of a trial. */
export interface Execution {
  /** Index of the seed to use. */
  readonly index: number;
  /** The executions before it. */
  readonly ended: EndedExecutions;
  /** Where to go on; from initial weights where absent. */
  readonly state?: TrialState;
}

/**
 * Trains once, to the end of the callbacks or of the epochs.
 *
 * @throws {RangeError} if the plan has no epoch
 */
export async function trainExecution(
  plan: TrainingPlan,
  context: TrialContext,
  execution: Execution,
): Promise<ExecutionEnd> {
  const seed = plan.seeds[execution.index] as number;
  const state = execution.state?.session ?? freshState(initialWeights(plan, context.data.train.features, seed));
  const session = await context.engine.open(plan, { state, seed });
  try {
    return await trainEpochs(session, plan, context, execution);
  } finally {
    await session.dispose();
  }
}

async function trainEpochs(
  session: EngineSession,
  plan: TrainingPlan,
  context: TrialContext,
  { index, ended, state }: Execution,
): Promise<ExecutionEnd> {
  const { maxEpochs, callbacks: plans } = plan.training;
  let callbacks = state?.callbacks ?? startCallbacks(plan.training);
  let kept = state?.kept;
  for (let epoch = state?.epoch ?? 0; epoch < maxEpochs && !callbacks.stop; epoch++) {
    const startMs = context.now();
    const { learningRate } = callbacks;
    const settings = epochSettings(plan, context.data.train.count, { execution: index, epoch, learningRate });
    const result = await runEpoch(session, context.data, settings);
    if (result.kind === "diverged") return endDiverged(plan, result, epoch, kept);
    const { metrics } = result;
    const seconds = (context.now() - startMs) / 1000;
    callbacks = applyCallbacks(plans, callbacks, metrics);
    const reached = await session.readState();
    const value = metrics[plan.objective.metric];
    if (kept === undefined || isKept(plan, kept, { epoch, value, callbacks })) {
      kept = { execution: index, epoch, value, weights: reached.weights };
    }
    const answer = await context.onEpoch(
      { execution: index, epoch, metrics, learningRate: learningRateAt(learningRate, settings.firstStep), seconds },
      { ...ended, execution: index, epoch: epoch + 1, session: reached, callbacks, kept },
    );
    if (answer === "stop") return { kind: "stopped" };
  }
  if (kept === undefined) throw new RangeError("a plan needs at least one epoch");
  return { kind: "completed", kept };
}

/** All of it follows from seed and epoch, so that training can be taken up at any epoch. */
function epochSettings(
  { seeds, training: { batchSize } }: TrainingPlan,
  count: number,
  { execution, epoch, learningRate }: Pick<EpochSettings, "learningRate"> & { execution: number; epoch: number },
): EpochSettings {
  const order = batchOrder(seeds[execution] as number, epoch, count);
  return { order, batchSize, learningRate, firstStep: epoch * Math.ceil(count / batchSize) };
}

/** TerminateOnNaN keeps the epochs before, if there are any; without it, and without them, the trial is infeasible. */
function endDiverged(
  { training }: TrainingPlan,
  result: EpochResult & { kind: "diverged" },
  epoch: number,
  kept: EpochWeights | undefined,
): ExecutionEnd {
  const terminates = training.callbacks.some(({ type }) => type === "TerminateOnNaN");
  if (terminates && kept !== undefined) return { kind: "completed", kept };
  return { kind: "infeasible", message: describeDivergence(result, epoch) };
}

/** Counts epochs and steps from 1, as a person does. */
function describeDivergence({ loss, step }: EpochResult & { kind: "diverged" }, epoch: number): string {
  const became = Number.isNaN(loss) ? "NaN" : "infinite";
  return step === undefined
    ? `Validation loss became ${became} in epoch ${epoch + 1}.`
    : `Loss became ${became} in epoch ${epoch + 1}, step ${step + 1}.`;
}
