import type { DimensionKind } from "./matern.js";

/** Observations of a function on the unit cube. */
export interface TrainingSet {
  readonly kinds: readonly DimensionKind[];
  /** n points of shape (d,). */
  readonly points: readonly Float64Array[];
  /** Shape (n,), about mean 0 and variance 1. */
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
