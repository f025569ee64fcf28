import { SCORE_NAMES, SCORES, type ScoreName } from "@sintonia/tuning/plan/metric";
import type { Examples } from "../dataset/examples.js";
import { askedScores } from "../metric/asked-scores.js";
import { METRICS } from "../metric/metrics.js";
import { bootstrapInterval } from "./bootstrap-interval.js";

/** A score of the best model on the test split, with its 95 % interval. */
export interface TestScore {
  readonly name: ScoreName;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Returns the scores that a plan asks for on the test split, beside loss and accuracy: those that
 * its objective and its callbacks read, that of the objective first; of a regression all.
 */
export function testScoreNames(plan: Parameters<typeof askedScores>[0], examples: Examples): ScoreName[] {
  const asked = askedScores(plan);
  const others =
    examples.targets.kind === "values" ? SCORE_NAMES.filter((name) => SCORES[name].task === "regression") : [];
  const objective = asked.filter((name) => `val_${name}` === plan.objective.metric);
  return [...new Set([...objective, ...asked, ...others])];
}

/**
 * Computes scores and their intervals by the bootstrap. Leaves out a score that is undefined on the
 * examples.
 *
 * @param outputs - outputs of the model, shape (count, outputs)
 */
export function testScores(names: readonly ScoreName[], examples: Examples, outputs: Float32Array): TestScore[] {
  const { count, targets } = examples;
  const predictions = { targets, outputs, width: outputs.length / count };
  return names.flatMap((name) => {
    const metric = METRICS[name](predictions);
    const value = metric(new Uint8Array(count).fill(1));
    const interval = Number.isFinite(value) ? bootstrapInterval(metric, count) : undefined;
    return interval === undefined ? [] : [{ name, value, ...interval }];
  });
}
