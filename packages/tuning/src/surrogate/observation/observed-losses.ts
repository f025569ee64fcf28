// What the process is fitted to: the study's observations as points of the cube, and how far each is from the best.

import { type Goal, scoreOf } from "../../objective/goal.js";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import type { DesignSpace } from "../../space/design-space.js";
import { type PointSet, pointAt, pointSet } from "../gaussian-process/model.js";
import { noiseOf } from "./loss-noise.js";

/** Observations as the fit takes them. */
export interface Sample {
  readonly points: PointSet;
  /** How much worse than the best observation each is, in units of the median of that; shape (count,). */
  readonly losses: Float64Array;
  readonly scale: LossScale;
  /** Variance of the error of each loss where the study knows it, NaN where not; shape (count,). Absent if it knows none. */
  readonly noise?: Float64Array | undefined;
}

/** What losses are told in. */
export interface LossScale {
  /** What the other numbers are in units of, lest a difference overflow: 1, or 4 where scores are that large. */
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

/**
 * The largest loss told. Beyond, a trial is as bad as can be: told in full, a single one that diverged would leave the
 * process no sight of the differences between the others.
 */
const LOSS_MAX = 1e4;

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
  const { losses, scale } = lossesOf(scoresOf(completed, goal));
  const points = completed.map(({ values }) => design.encode(values));
  const all = { points: pointSet(design.dimensions, points), losses, scale, noise: noiseOf(completed, scale) };
  return only(all, choose(losses, CONDITIONED));
}

/** The objectives of trials, larger ones being better. */
export function scoresOf(trials: readonly { readonly objective: number }[], goal: Goal): number[] {
  return trials.map(({ objective }) => scoreOf(objective, goal));
}

/** The score of a loss, below 0 if it is better than the best one observed; the largest number where it would overflow. */
export function scoreAt({ size, best, unit }: LossScale, loss: number): number {
  const score = size * (best - loss * unit);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, score));
}

/**
 * Distances from the largest score, in units of their median; or, where more than half of the numbers are largest, of the
 * median of the others. Any finite numbers will do, and few that are out of all proportion leave the digits of the others.
 */
export function lossesOf(scores: readonly number[]): Pick<Sample, "losses" | "scale"> {
  const { size, best, distances } = distancesOf(scores);
  const unit = typicalOf(distances, Math.abs(best));
  const losses = distances.map((distance) => (unit > 0 ? Math.min(LOSS_MAX, distance / unit) : 0));
  return { losses, scale: { size, best, unit } };
}

/** Distances from the largest of some finite scores, in units of `size`. */
export function distancesOf(
  scores: readonly number[],
): Pick<LossScale, "size" | "best"> & { readonly distances: Float64Array } {
  const size = scores.some((score) => Math.abs(score) > Number.MAX_VALUE / 4) ? 4 : 1;
  const best = Math.max(...scores.map((score) => score / size));
  return { size, best, distances: Float64Array.from(scores, (score) => best - score / size) };
}

/** The unit of losses; 0 if there are no differences but those of rounding, which are as large as that of the best. */
function typicalOf(distances: Float64Array, best: number): number {
  const sorted = distances.toSorted();
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  const others = sorted.filter((distance) => distance > 0);
  const typical = median > 0 ? median : (others[Math.floor(others.length / 2)] ?? 0);
  return typical > 4 * Number.EPSILON * best ? typical : 0;
}

/** At most `count` observations of a sample: the better half of that number, the others evenly spread over its order. */
export function thin(sample: Sample, count: number): Sample {
  if (sample.points.count <= count) return sample;
  const best = Math.floor(count / 2);
  return only(sample, choose(sample.losses, { best, latest: 0, others: count - best }));
}

/** The observations of a sample at some places. */
function only({ points, losses, scale, noise }: Sample, places: readonly number[]): Sample {
  if (places.length === losses.length) return { points, losses, scale, noise };
  const kept = places.map((i) => pointAt(points, i));
  return {
    points: pointSet(points.kinds, kept),
    losses: Float64Array.from(places, (i) => losses[i] as number),
    scale,
    noise: noise && Float64Array.from(places, (i) => noise[i] as number),
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
