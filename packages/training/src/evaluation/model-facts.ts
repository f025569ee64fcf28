// The facts about a model that a plan asks for as outcomes of its trial.

import { isMeasuredFact, type MeasuredFact } from "@sintonia/tuning/aims/facts";
import { upperMedian } from "@sintonia/tuning/numeric/vector";
import { parameterCount } from "@sintonia/tuning/plan/parameter-count";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { type Examples, rowsOf } from "../dataset/examples.js";
import { type Engine, type EngineSession, freshState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";

/** Facts by name. */
export type ModelFacts = Readonly<Partial<Record<MeasuredFact, number>>>;

/** Predictions that are not counted: the first ones compile and allocate. */
const WARM_UPS = 10;
/** Counted predictions. The standard error of their median is about 1.3 % of their deviation. */
const PREDICTIONS = 100;
/** Fewest counted predictions, however long they take. */
const PREDICTIONS_MIN = 5;
/** Time after which no further prediction begins, in milliseconds. */
const MEASURING_MS = 1_000;

/** Returns the facts that a plan asks for. */
export function askedFacts({ outcomes = [] }: Pick<TrainingPlan, "outcomes">): readonly MeasuredFact[] {
  return outcomes.filter(isMeasuredFact);
}

/** What the facts are measured with. */
export interface Measured {
  readonly session: Pick<EngineSession, "predict">;
  /** Number of trainable parameters. */
  readonly parameters: number;
  readonly examples: Examples;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
}

/** Measures the facts that a plan asks for; none if it asks for none. */
export async function measureFacts(plan: Pick<TrainingPlan, "outcomes">, measured: Measured): Promise<ModelFacts> {
  const asked = askedFacts(plan);
  const { session, parameters, examples, now } = measured;
  const row = rowsOf(examples, [0, 1], "the training rows");
  return {
    ...(asked.includes("parameters") ? { parameters } : {}),
    ...(asked.includes("latency_ms") ? { latency_ms: await latencyMs(() => session.predict(row, 1), now) } : {}),
  };
}

/** Measures the facts of a trained network. */
export async function measureNetwork(
  plan: TrainingPlan,
  {
    engine,
    weights,
    examples,
    now,
  }: Omit<Measured, "session" | "parameters"> & {
    readonly engine: Engine;
    readonly weights: ModelWeights;
  },
): Promise<ModelFacts> {
  if (askedFacts(plan).length === 0) return {};
  const session = await engine.open(plan, { state: freshState(weights), seed: 0 });
  try {
    const parameters = parameterCount(plan.model, examples.features);
    return await measureFacts(plan, { session, parameters, examples, now });
  } finally {
    await session.dispose();
  }
}

/** Returns the median time of one prediction in milliseconds. */
async function latencyMs(predict: () => Promise<unknown>, now: () => number): Promise<number> {
  for (let i = 0; i < WARM_UPS; i++) await predict();
  const times: number[] = [];
  const endMs = now() + MEASURING_MS;
  while (times.length < PREDICTIONS_MIN || (times.length < PREDICTIONS && now() < endMs)) {
    const startMs = now();
    await predict();
    times.push(now() - startMs);
  }
  return upperMedian(times) ?? 0;
}
