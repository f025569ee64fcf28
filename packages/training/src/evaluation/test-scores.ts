import { SCORE_NAMES, SCORES, type ScoreName } from "@sintonia/tuning/plan/metric";
import { absentClasses } from "../dataset/data-facts.js";
import type { Examples, Targets } from "../dataset/examples.js";
import { askedScores } from "../metric/asked-scores.js";
import type { RowWeights } from "../metric/contract/metric.js";
import { METRICS } from "../metric/metrics.js";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { jackknifeInterval } from "./jackknife-interval.js";
import type { Interval } from "./wilson-interval.js";

/**
 * Most rows for the bootstrap, whose work is 400 passes over the rows or more. Above it the
 * jackknife makes 40 passes.
 */
const BOOTSTRAP_ROWS_MAX = 50_000;

/** A score of the best model on the test split, with its 95 % interval. */
export interface TestScore {
  readonly name: ScoreName;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A score that has no value on the test split, with the reason for a person. */
export interface UndefinedScore {
  readonly name: ScoreName;
  readonly reason: string;
}

/** The scores of a test split, and those that it leaves undefined. */
export interface TestScores {
  readonly scores: readonly TestScore[];
  readonly undefinedScores: readonly UndefinedScore[];
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
 * Computes scores and their 95 % intervals. A score that is undefined on the examples has a reason
 * instead.
 *
 * @param outputs - outputs of the model, shape (count, outputs)
 */
export function testScores(names: readonly ScoreName[], examples: Examples, outputs: Float32Array): TestScores {
  const { count, targets } = examples;
  const predictions = { targets, outputs, width: outputs.length / count };
  const scores: TestScore[] = [];
  const undefinedScores: UndefinedScore[] = [];
  for (const name of names) {
    const metric = METRICS[name](predictions);
    const value = metric(new Uint8Array(count).fill(1));
    const interval = Number.isFinite(value) ? intervalOf(metric, value, { name, rows: count }) : undefined;
    if (interval === undefined) undefinedScores.push({ name, reason: reasonOf(examples) });
    else scores.push({ name, value, ...interval });
  }
  return { scores, undefinedScores };
}

function intervalOf(
  metric: (weights: RowWeights) => number,
  value: number,
  { name, rows }: { readonly name: ScoreName; readonly rows: number },
): Interval | undefined {
  if (rows <= BOOTSTRAP_ROWS_MAX) return bootstrapInterval(metric, rows);
  const interval = jackknifeInterval(metric, { value, rows });
  const { min, max } = SCORES[name].range;
  return interval && { low: Math.max(min, interval.low), high: Math.min(max, interval.high) };
}

function reasonOf({ count, targets }: Examples): string {
  const absent = absentClasses(targets);
  if (absent.length > 0) return `the test split has no row of class ${shownClasses(absent, targets)}`;
  if (count === 1) return "the test split has one row";
  return "it has no finite value on the test split";
}

function shownClasses(absent: readonly number[], targets: Targets): string {
  const names = targets.kind === "classes" ? targets.names : undefined;
  const shown = absent.slice(0, 5).map((label) => names?.[label] ?? label);
  return `${shown.join(", ")}${absent.length > 5 ? " ..." : ""}${names === undefined ? " (counted from 0)" : ""}`;
}
