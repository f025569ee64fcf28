import type { DimensionKind } from "./matern.js";

/** Points of the unit cube, one after the other. */
export interface PointSet {
  readonly kinds: readonly DimensionKind[];
  readonly count: number;
  /** Shape (count, d). */
  readonly coordinates: Float64Array;
}

/** Observations of a function on the unit cube. */
export interface TrainingSet extends PointSet {
  /** Shape (count,), about mean 0 and variance 1. */
  readonly targets: Float64Array;
}

/** Hyperparameters of the process. */
export interface KernelParameters {
  /** Shape (d,), in units of the cube's edge. */
  readonly lengthScales: Float64Array;
  /** Prior variance of the function. */
  readonly signalVariance: number;
  /** Variance of the noise of one observation that states none. */
  readonly noiseVariance: number;
  /** Variances of the noise of observations where they are known, NaN for others; of the first points. @default none */
  readonly statedNoise?: Float64Array | undefined;
  /** Prior variance of the function's detail: see matern.ts. @default 0 */
  readonly detailVariance?: number;
  /** How much the function is expected to fall towards the cube's border: see mean-function.ts. @default 0 */
  readonly rounding?: number;
  /** Prior variance of the function's mean, which is 0 a priori. @default 0 */
  readonly meanVariance?: number;
}

/** Variance of the noise of observation number `index`. */
export function noiseAt({ statedNoise, noiseVariance }: KernelParameters, index: number): number {
  const stated = statedNoise?.[index];
  return stated === undefined || Number.isNaN(stated) ? noiseVariance : stated;
}

/** Point number `index` of a set, shape (d,). */
export function pointAt({ kinds, coordinates }: PointSet, index: number): Float64Array {
  return coordinates.slice(index * kinds.length, (index + 1) * kinds.length);
}

/** A set with more points at its end, each of shape (d,). */
export function withPoints(first: PointSet, others: readonly Float64Array[]): PointSet {
  const points = Array.from({ length: first.count }, (_, i) => pointAt(first, i));
  return pointSet(first.kinds, [...points, ...others]);
}

/** A set of the given points, each of shape (d,). */
export function pointSet(kinds: readonly DimensionKind[], points: readonly Float64Array[]): PointSet {
  const coordinates = new Float64Array(points.length * kinds.length);
  points.forEach((point, i) => {
    coordinates.set(point, i * kinds.length);
  });
  return { kinds, count: points.length, coordinates };
}
