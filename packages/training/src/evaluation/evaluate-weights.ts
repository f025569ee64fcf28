import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../dataset/examples.js";
import { type Engine, type EngineSession, type EvaluationResult, freshState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";
import { type TestScores, testScoreNames, testScores } from "./test-scores.js";

/** The measures of weights on the test split, with the scores that `testScoreNames` lists. */
export interface TestEvaluation extends EvaluationResult, TestScores {}

/**
 * Measures the weights of a plan's model on the test split.
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
}): Promise<TestEvaluation> {
  const { plan, examples, batchSize } = request;
  const session = await request.engine.open(plan, { state: freshState(request.weights), seed: 0 });
  try {
    return await measureTest(session, plan, { examples, batchSize });
  } finally {
    await session.dispose();
  }
}

/** Measures a session's model on the test split, with the scores that a plan asks for. */
export async function measureTest(
  session: Pick<EngineSession, "evaluate" | "predict">,
  plan: Parameters<typeof testScoreNames>[0],
  { examples, batchSize }: { readonly examples: Examples; readonly batchSize: number },
): Promise<TestEvaluation> {
  const result = await session.evaluate(examples, batchSize);
  const names = testScoreNames(plan, examples);
  const outputs = names.length === 0 ? new Float32Array(0) : await session.predict(examples, batchSize);
  return { ...result, ...testScores(names, examples, outputs) };
}
