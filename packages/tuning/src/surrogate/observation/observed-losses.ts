// The data of the fit: a study's observations as points of the unit cube with losses.
//
//   score s     objective, negated under "minimize": the larger score is better
//   loss y      (s_best - s) / unit, at least 0
//   unit        a typical distance s_best - s, the median by default; its loss is 1

import { upperMedian } from "../../numeric/vector.js";
import { type Goal, scoreOf } from "../../objective/goal.js";
import type { StudyHistory } from "../../objective/observation.js";
import type { DesignSpace } from "../../space/design-space.js";
import { type PointSet, pointAt, pointSet } from "../gaussian-process/model.js";
import { noiseOf } from "./loss-noise.js";

/** Observations as points and losses. */
export interface Sample {
  readonly points: PointSet;
  /** Losses, shape (count,); 0 for the best observation. */
  readonly losses: Float64Array;
  readonly scale: LossScale;
  /** Noise variance of each loss (NaN if unknown), shape (count,); absent if all are unknown. */
  readonly noise?: Float64Array | undefined;
}

/** The scale that converts scores to losses and back. */
export interface LossScale {
  /** Factor of `best` and `unit`: 1, or 4 if a difference of scores could overflow. */
  readonly size: number;
  /** The largest score, divided by `size`. */
  readonly best: number;
  /** The distance of scores that is a loss of 1, divided by `size`; 0 if all scores are equal. */
  readonly unit: number;
}

/**
 * Observations that the surrogate is conditioned on, out of more: the best, the latest (without
 * them the search would try a poor point again), and an even choice of the others. The posterior
 * of 1,000 observations takes about half a second.
 */
const CONDITIONED: Quota = { best: 400, latest: 200, others: 400 };

/**
 * The distance from the largest score that is a loss of 1. `median`: the median, or the median of
 * the positive distances if more than half of the scores are the largest. It keeps the precision of
 * ordinary losses beside a few huge ones. `decile`: the ninth decile. It suits losses that nothing
 * warps: where most trials are at the bound of an outcome up to rounding errors, the median is of
 * the size of those errors.
 */
export type TypicalDistance = "median" | "decile";

/**
 * Upper limit of a loss, in units. Without it, one huge loss would make the differences between
 * the others vanish in the variance of the targets.
 */
const LOSS_MAX = 1e4;

/** Number of observations of each kind that are kept. */
interface Quota {
  readonly best: number;
  readonly latest: number;
  readonly others: number;
}

/**
 * Returns the sample of a history's completed trials, of which there is at least one.
 *
 * @param typical - the unit of losses. @default median
 */
export function sampleOf({ completed, goal }: StudyHistory, design: DesignSpace, typical?: TypicalDistance): Sample {
  const { losses, scale } = lossesOf(scoresOf(completed, goal), typical);
  const points = completed.map(({ values }) => design.encode(values));
  const all = { points: pointSet(design.dimensions, points), losses, scale, noise: noiseOf(completed, scale) };
  return only(all, choose(losses, CONDITIONED));
}

/** Returns the scores of trials. The larger score is better. */
export function scoresOf(trials: readonly { readonly objective: number }[], goal: Goal): number[] {
  return trials.map(({ objective }) => scoreOf(objective, goal));
}

/**
 * Returns the score of a loss; a loss below 0 is better than the best observation. Clips the score
 * to the range of finite numbers.
 */
export function scoreAt({ size, best, unit }: LossScale, loss: number): number {
  const score = size * (best - loss * unit);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, score));
}

/**
 * Converts scores to losses.
 *
 * @param scores - finite
 * @param typical - the unit of losses. @default median
 */
export function lossesOf(
  scores: readonly number[],
  typical: TypicalDistance = "median",
): Pick<Sample, "losses" | "scale"> {
  const { size, best, distances } = distancesOf(scores);
  const distance = typical === "median" ? medianOf(distances) : decileOf(distances);
  // Smaller distances are rounding errors of the best score.
  const unit = distance > 4 * Number.EPSILON * Math.abs(best) ? distance : 0;
  const losses = distances.map((distance) => (unit > 0 ? Math.min(LOSS_MAX, distance / unit) : 0));
  return { losses, scale: { size, best, unit } };
}

/** Returns the distances of finite scores from the largest one, divided by `size`. */
export function distancesOf(
  scores: readonly number[],
): Pick<LossScale, "size" | "best"> & { readonly distances: Float64Array } {
  const size = scores.some((score) => Math.abs(score) > Number.MAX_VALUE / 4) ? 4 : 1;
  const best = Math.max(...scores.map((score) => score / size));
  return { size, best, distances: Float64Array.from(scores, (score) => best - score / size) };
}

/** Returns the median distance, that of the positive ones if it is 0. */
function medianOf(distances: Float64Array): number {
  const median = upperMedian(distances) as number;
  return median > 0 ? median : (upperMedian(distances.filter((distance) => distance > 0)) ?? 0);
}

/** Returns the ninth decile of the distances, the largest one if it is 0. */
function decileOf(distances: Float64Array): number {
  const sorted = distances.toSorted();
  const decile = sorted[Math.floor(0.9 * sorted.length)] as number;
  return decile > 0 ? decile : (sorted.at(-1) as number);
}

/**
 * Returns at most `count` observations of a sample: the best ones for one half of them, an even
 * choice of the others in trial order for the other half.
 */
export function thin(sample: Sample, count: number): Sample {
  if (sample.points.count <= count) return sample;
  const best = Math.floor(count / 2);
  return only(sample, choose(sample.losses, { best, latest: 0, others: count - best }));
}

/** Returns the observations of a sample at given indices. */
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

/** Returns the indices of the observations to keep, ascending. */
function choose(losses: Float64Array, { best, latest, others }: Quota): number[] {
  const all = Array.from(losses, (_, i) => i);
  if (all.length <= best + latest + others) return all;
  const kept = new Set(all.toSorted((a, b) => (losses[a] as number) - (losses[b] as number)).slice(0, best));
  for (const i of all.filter((i) => !kept.has(i)).slice(all.length - best - latest)) kept.add(i);
  const rest = all.filter((i) => !kept.has(i));
  for (let k = 0; k < others; k++) kept.add(rest[Math.floor((k * rest.length) / others)] as number);
  return [...kept].sort((a, b) => a - b);
}
