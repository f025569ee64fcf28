// The data of a surrogate that knows results before the end of trainings.
//
//   i     row: a result of a trial, at one fidelity             n rows
//   φ_i   fidelity, the share of the full training              above 0, at most 1
//   h_i   depth (ln 1/φ_i / ln 100)²                            0 for a final result
//
// A learning curve gains less with each doubling of its epochs. The square makes the steps near the
// end the smallest ones.

import { scoreOf } from "../../objective/goal.js";
import type { StudyHistory } from "../../objective/observation.js";
import type { DesignSpace } from "../../space/design-space.js";
import { type PointSet, pointAt, pointSet } from "../gaussian-process/model.js";
import { noiseOf } from "../observation/loss-noise.js";
import { type LossScale, lossesOf } from "../observation/observed-losses.js";

/** Results of trials at fidelities. The final ones come first, in the order of trial numbers. */
export interface FidelityRows {
  readonly points: PointSet;
  /** h; shape (n,). */
  readonly depths: Float64Array;
  /** Equal for rows of the same values; shape (n,). */
  readonly trials: Int32Array;
  /** Losses, at least 0; shape (n,). */
  readonly losses: Float64Array;
  readonly scale: LossScale;
  /** Noise variance of each loss, NaN if unknown; shape (n,); absent if all are unknown. */
  readonly noise?: Float64Array | undefined;
  /** Number of final results. */
  readonly finals: number;
}

/** Upper limit of rows before the end of a training. The cost of a fit is cubic in the rows. */
const PARTIAL_MAX = 300;
/** Upper limit of final results: the best ones and the latest ones. */
const FINALS_MAX = 300;
/** The fidelity whose depth is 1. */
const DEPTH_UNIT = Math.log(100);
const DEPTH_POWER = 2;

/** Returns h at a fidelity. */
export function depthOf(fidelity: number): number {
  return (Math.max(0, -Math.log(fidelity)) / DEPTH_UNIT) ** DEPTH_POWER;
}

/** Returns the rows of a history with at least one result. */
export function rowsOf({ completed, partial = [], goal }: StudyHistory, design: DesignSpace): FidelityRows {
  const finals = spread(
    completed,
    FINALS_MAX,
    (one, other) => scoreOf(other.objective, goal) - scoreOf(one.objective, goal),
  );
  const others = spread(partial, PARTIAL_MAX);
  const results = [...finals, ...others];
  const points = results.map(({ values }) => design.encode(values));
  const { losses, scale } = lossesOf(results.map(({ objective }) => scoreOf(objective, goal)));
  const known = finals.length === 0 ? undefined : noiseOf(finals, scale);
  return {
    points: pointSet(design.dimensions, points),
    depths: Float64Array.from(results, (_, i) =>
      i < finals.length ? 0 : depthOf(others[i - finals.length]?.fidelity as number),
    ),
    trials: trialsOf(points),
    losses,
    scale,
    noise: known && Float64Array.from(results, (_, i) => known[i] ?? Number.NaN),
    finals: finals.length,
  };
}

/** Returns the rows at given indices, ascending. */
export function rowsAt(rows: FidelityRows, places: readonly number[]): FidelityRows {
  if (places.length === rows.depths.length) return rows;
  const { points, depths, trials, losses, noise, scale, finals } = rows;
  const at = (array: Float64Array) => Float64Array.from(places, (i) => array[i] as number);
  return {
    points: pointSet(
      points.kinds,
      places.map((i) => pointAt(points, i)),
    ),
    depths: at(depths),
    trials: Int32Array.from(places, (i) => trials[i] as number),
    losses: at(losses),
    scale,
    noise: noise && at(noise),
    finals: places.filter((i) => i < finals).length,
  };
}

/**
 * Returns the final results; without any, the result of each trial at its largest fidelity. The
 * incumbent of a search is among them.
 */
export function finalRows(rows: FidelityRows): FidelityRows {
  const all = Array.from(rows.depths, (_, i) => i);
  if (rows.finals > 0) return rowsAt(rows, all.slice(0, rows.finals));
  return rowsAt(rows, latestRows(rows));
}

/** Returns the points of all trials that have a row. */
export function trialPoints(rows: FidelityRows): PointSet {
  return rowsAt(rows, latestRows(rows)).points;
}

/** Returns the index of each trial's row of the least depth, ascending. */
function latestRows({ depths, trials }: FidelityRows): number[] {
  const latest = new Map<number, number>();
  trials.forEach((trial, i) => {
    const other = latest.get(trial);
    if (other === undefined || (depths[i] as number) < (depths[other] as number)) latest.set(trial, i);
  });
  return [...latest.values()].sort((a, b) => a - b);
}

/** Returns at most `count` rows: final ones for up to a half, and a choice of the others. */
export function thinRows(rows: FidelityRows, count: number): FidelityRows {
  const n = rows.depths.length;
  if (n <= count) return rows;
  const all = Array.from({ length: n }, (_, i) => i);
  const others = Math.min(n - rows.finals, Math.max(count >> 1, count - rows.finals));
  const byLoss = (i: number, j: number) => (rows.losses[i] as number) - (rows.losses[j] as number);
  const kept = [
    ...spread(all.slice(0, rows.finals), count - others, byLoss),
    ...spread(all.slice(rows.finals), others),
  ];
  return rowsAt(rows, kept);
}

/** Returns the number of the first row with the same point, for each row. */
function trialsOf(points: readonly Float64Array[]): Int32Array {
  const first = new Map<string, number>();
  return Int32Array.from(points, (point, i) => {
    const key = point.join();
    const trial = first.get(key) ?? i;
    first.set(key, trial);
    return trial;
  });
}

/** The fractional part of the golden ratio: its multiples modulo 1 are spread evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Returns at most `count` items in their order. With `compare`, the best ones are half of them. The
 * others are spread by multiples of the golden ratio: every third item, for example, might be the
 * same fidelity of each trial.
 */
function spread<T>(items: readonly T[], count: number, compare?: (one: T, other: T) => number): readonly T[] {
  if (items.length <= count) return items;
  const all = items.map((item, i) => ({ item, i }));
  const best = compare === undefined ? [] : all.toSorted((a, b) => compare(a.item, b.item)).slice(0, count >> 1);
  const kept = new Set(best.map(({ i }) => i));
  const rest = all.filter(({ i }) => !kept.has(i)).toSorted((a, b) => ((a.i * GOLDEN) % 1) - ((b.i * GOLDEN) % 1));
  for (const { i } of rest.slice(0, count - kept.size)) kept.add(i);
  return items.filter((_, i) => kept.has(i));
}
