// The logarithm of expected hypervolume improvement, times the probability that all limits hold,
// averaged over fantasies:
//
//   ln mean over ε of  E[improvement over the front under ε] Π_j Φ((μ_j(ε) - b_j) / σ_j)
//
//   μ_j, σ_j   posterior of the outcome of limit j, see fantasy-outcome.ts
//   b_j        target of the bound of limit j; the limit holds at or above it
//
// A fantasy has values for pending trials, and for the trials of the front if their measurements
// are noisy. Each fantasy has its own front. Daulton, Balandat, Bakshy, Parallel Bayesian
// Optimization of Multiple Noisy Objectives with Expected Hypervolume Improvement, 2021, eq. 6,
// draws the new point too; its expectation here is exact, see volume-gain.ts.

import type { Evaluation } from "../../../numeric/bounded-minimum.js";
import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/distribution/normal-distribution.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import type { FantasyOutcome } from "./fantasy-outcome.js";
import type { VolumeGain } from "./volume-gain.js";

/** The parts of the acquisition function. */
export interface ImprovementParts {
  readonly objectives: readonly FantasyOutcome[];
  readonly limits: readonly { readonly outcome: FantasyOutcome; readonly bound: number }[];
  /** One for each fantasy. */
  readonly gains: readonly VolumeGain[];
}

/** Returns the acquisition function. */
export function hypervolumeImprovement(parts: ImprovementParts): Acquisition {
  return new HypervolumeImprovement(parts);
}

/** Reuses the arrays of one point for the next. */
class HypervolumeImprovement implements Acquisition {
  readonly #parts: ImprovementParts;
  readonly #outcomes: readonly FantasyOutcome[];
  readonly #logs: Float64Array;
  readonly #moments: { mean: number; sd: number }[];
  readonly #slopes: { byMean: number; bySd: number }[];

  constructor(parts: ImprovementParts) {
    this.#parts = parts;
    this.#outcomes = [...parts.objectives, ...parts.limits.map(({ outcome }) => outcome)];
    this.#logs = new Float64Array(parts.gains.length);
    this.#moments = parts.objectives.map(() => ({ mean: 0, sd: 0 }));
    this.#slopes = parts.objectives.map(() => ({ byMean: 0, bySd: 0 }));
  }

  value(point: Float64Array): number {
    return this.#valueAt(this.#outcomes.map(({ posterior }) => posterior.whiten(point)));
  }

  values(points: readonly Float64Array[]): Float64Array {
    const whitened = this.#outcomes.map(({ posterior }) => posterior.whitenEach(points));
    return Float64Array.from(points, (_, i) => this.#valueAt(whitened.map((each) => each[i] as Float64Array)));
  }

  evaluate(point: Float64Array): Evaluation {
    const whitened = this.#outcomes.map(({ posterior }) => posterior.whiten(point));
    const value = this.#valueAt(whitened);
    return {
      value,
      gradient: () => {
        this.#differentiate(value, whitened);
        const gradients = this.#outcomes.map((outcome) => outcome.gradient(point));
        return point.map((_, k) => gradients.reduce((sum, gradient) => sum + (gradient[k] as number), 0));
      },
    };
  }

  /** @param whitened - v at the point for each outcome */
  #valueAt(whitened: readonly Float64Array[]): number {
    this.#outcomes.forEach((outcome, i) => {
      outcome.place(whitened[i] as Float64Array);
    });
    const { gains, limits } = this.#parts;
    let top = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < gains.length; s++) {
      let log = (gains[s] as VolumeGain).log(this.#momentsUnder(s));
      for (const { outcome, bound } of limits) log += logNormalCdf(((outcome.means[s] as number) - bound) / outcome.sd);
      this.#logs[s] = log;
      if (log > top) top = log;
    }
    if (top === Number.NEGATIVE_INFINITY) return top;
    let sum = 0;
    for (const log of this.#logs) sum += Math.exp(log - top);
    return top + Math.log(sum / gains.length);
  }

  #momentsUnder(s: number): readonly { mean: number; sd: number }[] {
    for (const [i, { means, sd }] of this.#parts.objectives.entries()) {
      const moments = this.#moments[i] as { mean: number; sd: number };
      moments.mean = means[s] as number;
      moments.sd = sd;
    }
    return this.#moments;
  }

  /** Fills the slopes of every outcome at a point with the given value. */
  #differentiate(value: number, whitened: readonly Float64Array[]): void {
    this.#valueAt(whitened);
    for (const outcome of this.#outcomes) outcome.clearSlopes();
    const { gains, objectives, limits } = this.#parts;
    for (let s = 0; s < gains.length; s++) {
      const share = Math.exp((this.#logs[s] as number) - value) / gains.length;
      if (!(share > 0)) continue;
      for (const slopes of this.#slopes) slopes.byMean = slopes.bySd = 0;
      (gains[s] as VolumeGain).addSlopes(this.#momentsUnder(s), share, this.#slopes);
      objectives.forEach((outcome, i) => {
        outcome.byMeans[s] = this.#slopes[i]?.byMean as number;
        outcome.bySd += this.#slopes[i]?.bySd as number;
      });
      for (const { outcome, bound } of limits) {
        const z = ((outcome.means[s] as number) - bound) / outcome.sd;
        const slope = (share * logNormalCdfSlope(z)) / outcome.sd;
        outcome.byMeans[s] = slope;
        outcome.bySd -= slope * z;
      }
    }
  }
}
