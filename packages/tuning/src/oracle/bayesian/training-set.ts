// What the process is fitted to: the study's observations as points of the cube with targets of mean 0 and variance 1,
// larger being better.

import type { Observation, SuggestionRequest } from "../oracle.js";
import type { DesignSpace } from "./dimension.js";
import type { TrainingSet } from "./gaussian-process/model.js";

/** Observations that the process is conditioned on: where there are more, the best and the latest. */
const BEST_MAX = 100;
const LATEST_MAX = 400;
/** Infeasible points that are kept in mind: the latest. */
const INFEASIBLE_MAX = 100;
/** How much worse than the worst observation an infeasible point counts, in standard deviations of the observations. */
const INFEASIBLE_STEP = 0.5;

/**
 * The training set of a request: its completed trials and, just below the worst of them, its infeasible ones.
 *
 * @param request - with at least one completed trial
 */
export function trainingSet(request: SuggestionRequest, design: DesignSpace): TrainingSet {
  const observations = selectObservations(request);
  const scores = standardise(observations.map(({ objective }) => score(objective, request)));
  const infeasible = request.infeasible.slice(-INFEASIBLE_MAX);
  const low = scores.reduce((least, value) => Math.min(least, value)) - INFEASIBLE_STEP;
  return {
    kinds: design.dimensions,
    points: [...observations.map(({ values }) => values), ...infeasible].map(design.encode),
    targets: Float64Array.from([...scores, ...infeasible.map(() => low)]),
  };
}

/**
 * Shifts and scales numbers to mean 0 and variance 1; equal numbers all become 0. Any finite numbers will do: they are
 * scaled by the largest first, so that nothing overflows or vanishes.
 */
export function standardise(values: readonly number[]): Float64Array {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(values.length);
  const scaled = Float64Array.from(values, (value) => value / largest);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scaled.length;
  const sd = Math.sqrt(variance);
  // Differences as small as the rounding of equal numbers' mean are none.
  return scaled.map((value) => (sd > 4 * Number.EPSILON ? (value - mean) / sd : 0));
}

/** At most `count` points of a training set, evenly spread over its order. */
export function thin(data: TrainingSet, count: number): TrainingSet {
  const n = data.points.length;
  if (n <= count) return data;
  const kept = Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
  return {
    kinds: data.kinds,
    points: kept.map((i) => data.points[i] as Float64Array),
    targets: Float64Array.from(kept, (i) => data.targets[i] as number),
  };
}

function selectObservations({ completed, goal }: SuggestionRequest): readonly Observation[] {
  if (completed.length <= BEST_MAX + LATEST_MAX) return completed;
  const scores = completed.map(({ objective }) => score(objective, { goal }));
  const indices = completed.map((_, i) => i);
  const byFallingScore = [...indices].sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const best = new Set(byFallingScore.slice(0, BEST_MAX));
  const latest = new Set(indices.filter((i) => !best.has(i)).slice(-LATEST_MAX));
  return completed.filter((_, i) => best.has(i) || latest.has(i));
}

function score(objective: number, { goal }: Pick<SuggestionRequest, "goal">): number {
  return goal === "maximize" ? objective : -objective;
}
