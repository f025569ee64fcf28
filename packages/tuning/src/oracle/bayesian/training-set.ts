// What the process is fitted to: the study's observations as points of the cube, and how far each is from the best.

import type { Observation, SuggestionRequest } from "../oracle.js";
import type { DesignSpace } from "./dimension.js";
import { type PointSet, pointAt, pointSet } from "./gaussian-process/model.js";

/** Observations as the fit takes them. */
export interface Sample {
  readonly points: PointSet;
  /** How much worse than the best observation each is, in units of the median of that; shape (count,). */
  readonly losses: Float64Array;
  readonly scale: LossScale;
}

/** What losses are told in. Both numbers are in units of the largest size of a score. */
export interface LossScale {
  readonly size: number;
  /** The largest score. */
  readonly best: number;
  /** A loss of 1; 0 if all scores are equal. */
  readonly unit: number;
}

/**
 * Observations that the process is conditioned on: where there are more, the best, the latest, lest a poor point be tried
 * again next to where it was, and an even choice of the others. A thousand take about half a second.
 */
const CONDITIONED: Quota = { best: 400, latest: 200, others: 400 };

/** How many observations of each kind are kept. */
interface Quota {
  readonly best: number;
  readonly latest: number;
  readonly others: number;
}

/**
 * The sample of a request's completed trials.
 *
 * @param request - with at least one completed trial
 */
export function sampleOf({ completed, goal }: SuggestionRequest, design: DesignSpace): Sample {
  const scores = completed.map(({ objective }) => (goal === "maximize" ? objective : -objective));
  const { losses, scale } = lossesOf(scores);
  const kept = choose(losses, CONDITIONED);
  const points = kept.map((i) => design.encode((completed[i] as Observation).values));
  return {
    points: pointSet(design.dimensions, points),
    losses: Float64Array.from(kept, (i) => losses[i] as number),
    scale,
  };
}

/** The score of a loss, below 0 if it is better than the best one observed; the largest number where it would overflow. */
export function scoreAt({ size, best, unit }: LossScale, loss: number): number {
  const score = size * (best - loss * unit);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, score));
}

/**
 * Distances from the largest score, in units of their median; or, where more than half of the numbers are largest, of
 * their mean. Any finite numbers will do: they are scaled by the largest first, so that nothing overflows or vanishes.
 */
export function lossesOf(scores: readonly number[]): Pick<Sample, "losses" | "scale"> {
  const size = scores.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (size === 0) return { losses: new Float64Array(scores.length), scale: { size, best: 0, unit: 0 } };
  const scaled = Float64Array.from(scores, (value) => value / size);
  const best = scaled.reduce((max, value) => Math.max(max, value));
  const losses = scaled.map((value) => best - value);
  const median = losses.toSorted()[Math.floor(losses.length / 2)] as number;
  const typical = median > 0 ? median : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  // Differences as small as the rounding of equal numbers are none.
  const unit = typical > 4 * Number.EPSILON ? typical : 0;
  return { losses: losses.map((loss) => (unit > 0 ? loss / unit : 0)), scale: { size, best, unit } };
}

/** At most `count` observations of a sample: the better half of that number, the others evenly spread over its order. */
export function thin(sample: Sample, count: number): Sample {
  if (sample.points.count <= count) return sample;
  const best = Math.floor(count / 2);
  const kept = choose(sample.losses, { best, latest: 0, others: count - best });
  return {
    ...sample,
    points: pointSet(
      sample.points.kinds,
      kept.map((i) => pointAt(sample.points, i)),
    ),
    losses: Float64Array.from(kept, (i) => sample.losses[i] as number),
  };
}

/** Places of the observations to keep, rising. */
function choose(losses: Float64Array, { best, latest, others }: Quota): number[] {
  const all = Array.from(losses, (_, i) => i);
  if (all.length <= best + latest + others) return all;
  const kept = new Set(all.toSorted((a, b) => (losses[a] as number) - (losses[b] as number)).slice(0, best));
  for (const i of all.filter((i) => !kept.has(i)).slice(all.length - best - latest)) kept.add(i);
  const rest = all.filter((i) => !kept.has(i));
  for (let k = 0; k < others; k++) kept.add(rest[Math.floor((k * rest.length) / others)] as number);
  return [...kept].sort((a, b) => a - b);
}
