// Sobol indices: shares of a function's variance, estimated from pairs of independent points a, b.
//
//   f       function on a region of the unit cube
//   V       variance of f over the region
//   y_u     f at b with the coordinates u replaced by those of a
//   V_u     closed variance of u: mean of (f(a) - mean f) (y_u - f(b))   Saltelli 2010, table 2 (b)
//   T_u     total variance of u: mean of (f(b) - y_u)² / 2               Jansen 1999
//
//   first-order index V_i / V,   total index T_i / V,   interaction (V_ij - V_i - V_j) / V
//
// Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola, Variance based sensitivity analysis of
// model output, 2010. Jansen, Analysis of variance designs for model output, 1999.

import { mean } from "../numeric/vector.js";

/** A function f on a region of the unit cube. */
export interface SampledFunction {
  /** Number of coordinates. */
  readonly d: number;
  /**
   * Returns f at a point.
   *
   * @param point - point of the unit cube, shape (d,)
   * @returns undefined outside the region
   */
  valueAt(point: Float64Array): number | undefined;
}

/** A pair of independent points of the unit cube. */
export interface SamplePair {
  /** Shape (d,). */
  readonly a: Float64Array;
  /** Shape (d,). */
  readonly b: Float64Array;
}

/** Sobol indices estimated from one sample. */
export interface SobolIndices {
  /** V, in squared units of f. */
  readonly variance: number;
  /** First-order index of each coordinate, shape (d,). */
  readonly first: readonly number[];
  /** Total index of each coordinate, shape (d,). */
  readonly total: readonly number[];
}

interface EvaluatedPair {
  readonly pair: SamplePair;
  readonly atA: number;
  readonly atB: number;
}

/** The values of a function at pairs of points, without the pairs that leave its region. */
export class Sample {
  /** V, in squared units of f; 0 if the sample is empty. */
  readonly variance: number;
  /** Mean of f, in its units; 0 if the sample is empty. */
  readonly mean: number;
  readonly #function: SampledFunction;
  readonly #values: readonly EvaluatedPair[];

  constructor(sampled: SampledFunction, pairs: readonly SamplePair[]) {
    this.#function = sampled;
    this.#values = pairs.flatMap((pair) => {
      const [atA, atB] = [sampled.valueAt(pair.a), sampled.valueAt(pair.b)];
      return atA === undefined || atB === undefined ? [] : [{ pair, atA, atB }];
    });
    const all = this.#values.flatMap(({ atA, atB }) => [atA, atB]);
    this.mean = mean(all);
    this.variance = mean(all.map((value) => (value - this.mean) ** 2));
  }

  /** Estimates the indices of each coordinate: 0 if f is constant or the sample is empty. */
  indices(): SobolIndices {
    const effects = Array.from({ length: this.#function.d }, (_, i) => this.#effect([i]));
    return {
      variance: this.variance,
      first: effects.map(({ closed }) => closed),
      total: effects.map(({ total }) => total),
    };
  }

  /** Estimates V_u / V for the coordinates u. */
  closedShare(coordinates: readonly number[]): number {
    return this.#effect(coordinates).closed;
  }

  /**
   * Estimates V_u / V (`closed`) and T_u / V (`total`). Pairs whose mixed point lies outside the
   * region are left out: the indices describe changes within the region.
   */
  #effect(coordinates: readonly number[]): { readonly closed: number; readonly total: number } {
    if (!(this.variance > 0)) return { closed: 0, total: 0 };
    const terms = this.#values.flatMap(({ pair, atA, atB }) => {
      const mixed = this.#function.valueAt(mixedPoint(pair, coordinates));
      if (mixed === undefined) return [];
      return [{ closed: (atA - this.mean) * (mixed - atB), total: (atB - mixed) ** 2 / 2 }];
    });
    if (terms.length === 0) return { closed: 0, total: 0 };
    return {
      closed: mean(terms.map(({ closed }) => closed)) / this.variance,
      total: mean(terms.map(({ total }) => total)) / this.variance,
    };
  }
}

/** Returns b with the given coordinates replaced by those of a. */
function mixedPoint({ a, b }: SamplePair, coordinates: readonly number[]): Float64Array {
  const mixed = b.slice();
  for (const i of coordinates) mixed[i] = a[i] as number;
  return mixed;
}
