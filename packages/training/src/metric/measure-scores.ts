import type { ScoreName } from "@sintonia/tuning/plan/metric";
import type { Examples } from "../dataset/examples.js";
import type { EngineSession } from "../engine/contract/engine.js";
import { METRICS } from "./metrics.js";

/** Scores as float32 values, by name. */
export type Scores = Readonly<Partial<Record<ScoreName, number>>>;

/**
 * Computes scores of the present weights on a whole set. All rows weigh the same, as in the metrics
 * of Keras' `compile`.
 */
export async function measureScores(
  session: EngineSession,
  examples: Examples,
  { names, batchSize }: { readonly names: readonly ScoreName[]; readonly batchSize: number },
): Promise<Scores> {
  if (names.length === 0) return {};
  const outputs = await session.predict(examples, batchSize);
  const predictions = { targets: examples.targets, outputs, width: outputs.length / examples.count };
  const weights = new Uint8Array(examples.count).fill(1);
  return Object.fromEntries(names.map((name) => [name, Math.fround(METRICS[name](predictions)(weights))]));
}
