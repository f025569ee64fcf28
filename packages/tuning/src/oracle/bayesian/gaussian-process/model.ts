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

/** Hyperparameters of the process. The prior mean is 0. */
export interface KernelParameters {
  /** Shape (d,), in units of the cube's edge. */
  readonly lengthScales: Float64Array;
  /** Prior variance of the function. */
  readonly signalVariance: number;
  /** Variance of the noise of one observation. */
  readonly noiseVariance: number;
}

/** Point number `index` of a set, shape (d,). */
export function pointAt({ kinds, coordinates }: PointSet, index: number): Float64Array {
  return coordinates.slice(index * kinds.length, (index + 1) * kinds.length);
}

/** A set of the given points, each of shape (d,). */
export function pointSet(kinds: readonly DimensionKind[], points: readonly Float64Array[]): PointSet {
  const coordinates = new Float64Array(points.length * kinds.length);
  points.forEach((point, i) => {
    coordinates.set(point, i * kinds.length);
  });
  return { kinds, count: points.length, coordinates };
}
