// The data and the parameters of the Gaussian process.
//
//   n         number of points                 count
//   d         number of dimensions             kinds.length
//   X         points of the unit cube          shape (n, d), row by row
//   y         targets                          shape (n,), mean 0 and variance 1
//   ℓ         length scales                    shape (d,), in units of the cube's edge
//   signal, detail, mean, noise: variances     in units of the targets' variance
//
//   y_i = f(x_i) + normal(0, noise_i)
//   f   = process of variance signal + process of variance detail + constant of variance mean

import type { DimensionKind } from "./matern.js";

/** Points of the unit cube. */
export interface PointSet {
  readonly kinds: readonly DimensionKind[];
  readonly count: number;
  /** X; shape (n, d). */
  readonly coordinates: Float64Array;
}

/** Points of the unit cube with their targets. */
export interface TrainingSet extends PointSet {
  /** y; shape (n,). */
  readonly targets: Float64Array;
}

/** The parameters of the Gaussian process. */
export interface KernelParameters {
  /** ℓ; shape (d,). */
  readonly lengthScales: Float64Array;
  readonly signalVariance: number;
  /** Noise variance of an observation without a stated noise. */
  readonly noiseVariance: number;
  /** Stated noise variances of the first points, NaN where none is stated. @default none */
  readonly statedNoise?: Float64Array | undefined;
  /** Prior variance of the function's detail, see matern.ts. @default 0 */
  readonly detailVariance?: number;
  /** ρ, the curvature of the prior mean, see mean-function.ts. @default 0 */
  readonly meanCurvature?: number;
  /** Prior variance of the function's constant mean, whose own prior mean is 0. @default 0 */
  readonly meanVariance?: number;
}

/** Returns the noise variance of an observation: the stated one, or else the common one. */
export function noiseAt({ statedNoise, noiseVariance }: KernelParameters, index: number): number {
  const stated = statedNoise?.[index];
  return stated === undefined || Number.isNaN(stated) ? noiseVariance : stated;
}

/** Returns a copy of one point of a set; shape (d,). */
export function pointAt({ kinds, coordinates }: PointSet, index: number): Float64Array {
  return coordinates.slice(index * kinds.length, (index + 1) * kinds.length);
}

/** Returns a set with further points, each of shape (d,), at its end. */
export function withPoints(first: PointSet, others: readonly Float64Array[]): PointSet {
  const points = Array.from({ length: first.count }, (_, i) => pointAt(first, i));
  return pointSet(first.kinds, [...points, ...others]);
}

/** Returns a set of points, each of shape (d,). */
export function pointSet(kinds: readonly DimensionKind[], points: readonly Float64Array[]): PointSet {
  const coordinates = new Float64Array(points.length * kinds.length);
  points.forEach((point, i) => {
    coordinates.set(point, i * kinds.length);
  });
  return { kinds, count: points.length, coordinates };
}
