import { applyCallbacks, endsDivergedTraining, startCallbacks } from "../callback/callbacks.js";
import { metricOf } from "../callback/metric.js";
import { askedScores } from "../metric/asked-scores.js";
import { learningRateAt } from "../schedule/learning-rate.js";
import { batchOrder } from "./batch-order.js";
import type { EpochResult, EpochSettings } from "./epoch.js";
import type { ExecutionSession, ExecutionStart } from "./execution-session.js";
import { isKept } from "./kept-epoch.js";
import type { EpochsPlan, TrainingData, TrialContext } from "./trial.js";
import type { EndedExecutions, EpochWeights, TrialState } from "./trial-state.js";

/** The end of one execution. */
type ExecutionEnd =
  | { readonly kind: "completed"; readonly kept: EpochWeights }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

/** Everything that an execution needs beside its plan. */
export interface ExecutionContext extends Omit<TrialContext, "engine"> {
  readonly open: (start: ExecutionStart) => Promise<ExecutionSession>;
  /** Returns why the plan does not fit the examples of an execution. @default never */
  readonly misfit?: (data: TrainingData) => string | undefined;
}

/** One training of a trial's plan, with one of its seeds. */
interface Execution {
  /** Index of the seed. */
  readonly index: number;
  /** Results of the executions before this one. */
  readonly ended: EndedExecutions;
  /**
   * A state of this execution to resume from. If absent, the execution starts from initial
   * weights.
   */
  readonly state?: TrialState;
}

/**
 * Trains until a callback stops the training or `maxEpochs` is reached.
 *
 * @throws {RangeError} if the plan has no epoch
 */
export async function trainExecution(
  plan: EpochsPlan,
  context: ExecutionContext,
  execution: Execution,
): Promise<ExecutionEnd> {
  const seed = plan.seeds[execution.index] as number;
  const session = await context.open({ seed, state: execution.state?.session, data: context.data });
  try {
    return await trainEpochs(session, plan, context, execution);
  } finally {
    await session.dispose();
  }
}

async function trainEpochs(
  session: ExecutionSession,
  plan: EpochsPlan,
  context: ExecutionContext,
  { index, ended, state }: Execution,
): Promise<ExecutionEnd> {
  const { maxEpochs, callbacks: plans } = plan.training;
  let callbacks = state?.callbacks ?? startCallbacks(plan.training);
  let kept = state?.kept;
  for (let epoch = state?.epoch ?? 0; epoch < maxEpochs && !callbacks.stop; epoch++) {
    const startMs = context.now();
    const { learningRate } = callbacks;
    const settings = epochSettings(plan, context.data.train.count, { execution: index, epoch, learningRate });
    const result = await session.runEpoch(epoch, settings);
    if (result.kind === "ended") break;
    if (result.kind === "diverged") return endDiverged(plan, result, epoch, kept);
    const { metrics } = result;
    const seconds = (context.now() - startMs) / 1000;
    callbacks = applyCallbacks(plans, callbacks, metrics);
    const reached = await session.readState();
    const value = metricOf(metrics, plan.objective.metric);
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

/**
 * Returns the settings of an epoch. They depend on seed and epoch only, so that training can
 * resume at any epoch.
 */
function epochSettings(
  plan: EpochsPlan,
  count: number,
  { execution, epoch, learningRate }: Pick<EpochSettings, "learningRate"> & { execution: number; epoch: number },
): EpochSettings {
  const { batchSize } = plan.training;
  const order = batchOrder(plan.seeds[execution] as number, epoch, count);
  const firstStep = epoch * Math.ceil(count / batchSize);
  return { order, batchSize, learningRate, firstStep, scores: askedScores(plan) };
}

/**
 * Ends a diverged training: infeasible, unless TerminateOnNaN is in the plan and an epoch was
 * measured before.
 */
function endDiverged(
  { training }: EpochsPlan,
  result: EpochResult & { kind: "diverged" },
  epoch: number,
  kept: EpochWeights | undefined,
): ExecutionEnd {
  if (kept !== undefined && endsDivergedTraining(training.callbacks)) return { kind: "completed", kept };
  return { kind: "infeasible", message: describeDivergence(result, epoch) };
}

/** Describes a divergence for people: epochs and steps count from 1. */
function describeDivergence({ what, value, step }: EpochResult & { kind: "diverged" }, epoch: number): string {
  const became = Number.isNaN(value) ? "NaN" : "infinite";
  const place = step === undefined ? "" : `, step ${step + 1}`;
  return `${what} became ${became} in epoch ${epoch + 1}${place}.`;
}
