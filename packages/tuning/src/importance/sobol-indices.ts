// Shares of a function's variance, by sampling: two independent points a and b of the region, and points that have some
// coordinates of a and the others of b.
//
//   y_u     f(b with the coordinates u of a)
//   V_u     cov(f(a), y_u), what the coordinates u account for together: Saltelli et al. 2010, table 2 (b)
//   T_i     ½ mean (f(b) - y_i)², what varies while only i does: Jansen 1999
//   shares  V_i, T_i and V_ij - V_i - V_j over the variance of f
//
// Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola, Variance based sensitivity analysis of model output, 2010.

/** A function of points of the unit cube, and where it is asked. */
export interface SampledFunction {
  /** Number of coordinates. */
  readonly d: number;
  /** The value at a point of shape (d,); undefined outside the region. */
  valueAt(point: Float64Array): number | undefined;
}

/** One pair of independent points of the cube, each of shape (d,). */
export interface SamplePair {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** Shares of the variance, estimated from one sample. */
export interface SobolIndices {
  /** Of f over the region, in its units squared. */
  readonly variance: number;
  /** By coordinate. */
  readonly first: readonly number[];
  readonly total: readonly number[];
}

interface Values {
  readonly pair: SamplePair;
  readonly atA: number;
  readonly atB: number;
}

/** A sample of a function: values at pairs of points. Pairs with a point outside the region are left out. */
export class Sample {
  readonly variance: number;
  readonly mean: number;
  readonly #function: SampledFunction;
  readonly #values: readonly Values[];

  constructor(sampled: SampledFunction, pairs: readonly SamplePair[]) {
    this.#function = sampled;
    this.#values = pairs.flatMap((pair) => {
      const [atA, atB] = [sampled.valueAt(pair.a), sampled.valueAt(pair.b)];
      return atA === undefined || atB === undefined ? [] : [{ pair, atA, atB }];
    });
    const all = this.#values.flatMap(({ atA, atB }) => [atA, atB]);
    this.mean = average(all);
    this.variance = average(all.map((value) => (value - this.mean) ** 2));
  }

  /** Shares of every coordinate; all 0 of a constant function. */
  indices(): SobolIndices {
    const effects = Array.from({ length: this.#function.d }, (_, i) => this.#effect([i]));
    return {
      variance: this.variance,
      first: effects.map(({ closed }) => closed),
      total: effects.map(({ remaining }) => remaining),
    };
  }

  /** Share of what coordinates account for together, each alone included. */
  closedShare(coordinates: readonly number[]): number {
    return this.#effect(coordinates).closed;
  }

  /** Points that were mixed and lie outside the region are left out: the shares are of changes within it. */
  #effect(coordinates: readonly number[]): { readonly closed: number; readonly remaining: number } {
    if (!(this.variance > 0)) return { closed: 0, remaining: 0 };
    const terms = this.#values.flatMap(({ pair, atA, atB }) => {
      const mixed = this.#function.valueAt(mixedPoint(pair, coordinates));
      if (mixed === undefined) return [];
      return [{ closed: (atA - this.mean) * (mixed - atB), remaining: (atB - mixed) ** 2 / 2 }];
    });
    if (terms.length === 0) return { closed: 0, remaining: 0 };
    return {
      closed: average(terms.map(({ closed }) => closed)) / this.variance,
      remaining: average(terms.map(({ remaining }) => remaining)) / this.variance,
    };
  }
}

function mixedPoint({ a, b }: SamplePair, coordinates: readonly number[]): Float64Array {
  const mixed = b.slice();
  for (const i of coordinates) mixed[i] = a[i] as number;
  return mixed;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
