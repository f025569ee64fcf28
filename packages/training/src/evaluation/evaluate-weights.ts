import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../dataset/examples.js";
import { type Engine, type EvaluationResult, freshState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";

/**
 * Measures the weights of a plan's model on examples.
 *
 * @param request - `batchSize` is the number of examples computed at a time, at least 1
 * @throws {ModelShapeError} if plan, weights and examples do not fit
 */
export async function evaluateWeights(request: {
  readonly engine: Engine;
  readonly plan: TrainingPlan;
  readonly weights: ModelWeights;
  readonly examples: Examples;
  readonly batchSize: number;
}): Promise<EvaluationResult> {
  const session = await request.engine.open(request.plan, { state: freshState(request.weights), seed: 0 });
  try {
    return await session.evaluate(request.examples, request.batchSize);
  } finally {
    await session.dispose();
  }
}
