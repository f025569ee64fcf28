// What the process is fitted to: the study's observations as points of the cube, and how far each is from the best.

import type { Observation, SuggestionRequest } from "../oracle.js";
import type { DesignSpace } from "./dimension.js";
import { type PointSet, pointSet } from "./gaussian-process/model.js";

/** Observations as the fit takes them. */
export interface Sample {
  readonly points: PointSet;
  /** How much worse than the best observation each is, in units of the median of that; shape (count,). */
  readonly losses: Float64Array;
}

/** Observations that the process is conditioned on: where there are more, the best and the latest. */
const BEST_MAX = 200;
const LATEST_MAX = 800;

/**
 * The sample of a request's completed trials.
 *
 * @param request - with at least one completed trial
 */
export function sampleOf(request: SuggestionRequest, design: DesignSpace): Sample {
  const observations = selectObservations(request);
  const points = observations.map(({ values }) => design.encode(values));
  return {
    points: pointSet(design.dimensions, points),
    losses: lossesOf(observations.map(({ objective }) => score(objective, request))),
  };
}

/**
 * Distances from the largest number, in units of their median; or, where more than half of the numbers are largest, of
 * their mean. Any finite numbers will do: they are scaled by the largest first, so that nothing overflows or vanishes.
 */
export function lossesOf(scores: readonly number[]): Float64Array {
  const size = scores.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (size === 0) return new Float64Array(scores.length);
  const scaled = Float64Array.from(scores, (value) => value / size);
  const best = scaled.reduce((max, value) => Math.max(max, value));
  const losses = scaled.map((value) => best - value);
  const median = losses.toSorted()[Math.floor(losses.length / 2)] as number;
  const unit = median > 0 ? median : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  // Differences as small as the rounding of equal numbers are none.
  return losses.map((loss) => (unit > 4 * Number.EPSILON ? loss / unit : 0));
}

/** At most `count` observations of a sample: the better half of that number, the rest evenly spread over its order. */
export function thin({ points, losses }: Sample, count: number): Sample {
  const n = points.count;
  if (n <= count) return { points, losses };
  const order = Array.from(losses, (_, i) => i).sort((a, b) => (losses[a] as number) - (losses[b] as number));
  const best = order.slice(0, Math.floor(count / 2));
  const others = order.slice(best.length).sort((a, b) => a - b);
  const rest = count - best.length;
  const spread = Array.from({ length: rest }, (_, i) => others[Math.floor((i * others.length) / rest)] as number);
  const kept = [...best, ...spread].sort((a, b) => a - b);
  const d = points.kinds.length;
  const rows = kept.map((i) => points.coordinates.slice(i * d, (i + 1) * d));
  return { points: pointSet(points.kinds, rows), losses: Float64Array.from(kept, (i) => losses[i] as number) };
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
