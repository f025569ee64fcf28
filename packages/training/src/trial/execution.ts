import type { Objective, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { applyCallbacks, startCallbacks } from "../callback/callbacks.js";
import { type EngineSession, freshState, type ModelWeights } from "../engine/engine.js";
import { initialWeights } from "../initializer/initial-weights.js";
import { learningRateAt } from "../schedule/learning-rate.js";
import { batchOrder } from "./batch-order.js";
import { type EpochResult, runEpoch } from "./epoch.js";
import type { TrialContext } from "./train-trial.js";

/** The best epoch so far, of any execution. */
export interface BestEpoch {
  readonly execution: number;
  readonly epoch: number;
  /** Value of the objective's metric. */
  readonly value: number;
  readonly weights: ModelWeights;
}

export type ExecutionEnd =
  | { readonly kind: "completed"; readonly best: BestEpoch | undefined }
  | { readonly kind: "infeasible"; readonly message: string }
  | { readonly kind: "stopped" };

/**
 * Trains once from initial weights to the end of the callbacks or of the epochs.
 *
 * @param execution - index of the seed to use
 * @param best - of the executions before
 */
export async function trainExecution(
  plan: TrainingPlan,
  context: TrialContext,
  execution: number,
  best: BestEpoch | undefined,
): Promise<ExecutionEnd> {
  const seed = plan.seeds[execution] as number;
  const weights = initialWeights(plan, context.data.train.features, seed);
  const session = await context.engine.open(plan, { state: freshState(weights), seed });
  try {
    return await trainEpochs(session, plan, context, { execution, seed, best });
  } finally {
    await session.dispose();
  }
}

interface Start {
  readonly execution: number;
  readonly seed: number;
  readonly best: BestEpoch | undefined;
}

async function trainEpochs(
  session: EngineSession,
  plan: TrainingPlan,
  context: TrialContext,
  { execution, seed, best: bestBefore }: Start,
): Promise<ExecutionEnd> {
  const { batchSize, maxEpochs, callbacks: plans } = plan.training;
  let callbacks = startCallbacks(plan.training);
  let best = bestBefore;
  for (let epoch = 0; epoch < maxEpochs && !callbacks.stop; epoch++) {
    const startMs = context.now();
    const order = batchOrder(seed, epoch, context.data.train.count);
    const firstStep = epoch * Math.ceil(order.length / batchSize);
    const settings = { order, batchSize, learningRate: callbacks.learningRate, firstStep };
    const result = await runEpoch(session, context.data, settings);
    if (result.kind === "diverged") return { kind: "infeasible", message: describeDivergence(result, epoch) };
    const { metrics } = result;
    const value = metrics[plan.objective.metric];
    if (isBetter(plan.objective, value, best)) best = { execution, epoch, value, weights: await session.readWeights() };
    const seconds = (context.now() - startMs) / 1000;
    const learningRate = learningRateAt(callbacks.learningRate, firstStep);
    const answer = await context.onEpoch({ execution, epoch, metrics, learningRate, seconds });
    if (answer === "stop") return { kind: "stopped" };
    callbacks = applyCallbacks(plans, callbacks, metrics);
  }
  return { kind: "completed", best };
}

function isBetter({ goal }: Objective, value: number, best: BestEpoch | undefined): boolean {
  if (best === undefined) return true;
  return goal === "maximize" ? value > best.value : value < best.value;
}

/** Counts epochs and steps from 1, as a person does. */
function describeDivergence({ loss, step }: EpochResult & { kind: "diverged" }, epoch: number): string {
  const became = Number.isNaN(loss) ? "NaN" : "infinite";
  return step === undefined
    ? `Validation loss became ${became} in epoch ${epoch + 1}.`
    : `Loss became ${became} in epoch ${epoch + 1}, step ${step + 1}.`;
}
