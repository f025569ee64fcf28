// The logarithm of expected improvement over the best leading point, averaged over fantasies of the
// pending trials' outcomes, times a factor for noise:
//
//   ln( mean over ε of sd h((m(ε) - b(ε)) / sd) ) + ln( 1 - τ / √(sd² + τ²) )
//
//   v       L⁻¹ k for observed and pending points, see gaussian-process/posterior.ts
//   ε       a fantasy: independent standard normals, shape (pending,)
//   m(ε)    posterior mean under a fantasy, vᵀ (z, ε); the variance sd² is the same under all
//   b(ε)    largest posterior mean of the leading points under a fantasy
//   h       see log-expected-improvement.ts
//   τ       standard deviation of the noise of one trial
//
// Fantasies: Snoek, Larochelle, Adams, Practical Bayesian Optimization, 2012, section 3.2; the
// parameters are not fitted again per fantasy. Noise factor, the share of the uncertainty at a
// point that one noisy trial removes: Huang, Allen, Notz, Zeng, Global Optimization of Stochastic
// Black-Box Systems, 2006, eq. 13. Without the factor, a search under noise repeats known points.

import type { Evaluation } from "../../../numeric/bounded-minimum.js";
import { dot } from "../../../numeric/vector.js";
import type { Random } from "../../../random/random.js";
import type { Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import type { Acquisition } from "./acquisition.js";
import { fantasies } from "./fantasies.js";
import { logH, logHSlope } from "./log-expected-improvement.js";

/** The state of the search that improvement is measured against. */
interface ImprovementSettings {
  /** Points whose best posterior mean is to be improved on. */
  readonly leadingPoints: readonly Float64Array[];
  /** Number of pending points. They are the last points of the posterior and have no targets. */
  readonly pending: number;
  readonly random: Random;
  /** Variance of one trial's noise; 0 if observations do not suffice to estimate it. */
  readonly noiseVariance: number;
}

/** Returns the acquisition function over a posterior. */
export function expectedImprovement(posterior: Posterior, settings: ImprovementSettings): Acquisition {
  return new FantasyImprovement(posterior, settings);
}

/**
 * Noise variance that is not counted, relative to the variance of targets: it may be detail, which
 * the search should explore.
 */
const NOISE_VARIANCE_MIN = 1e-3;

/** Reuses the arrays of one point for the next. */
class FantasyImprovement implements Acquisition {
  readonly #posterior: Posterior;
  /** Number of points with a target. They come first. */
  readonly #known: number;
  /** τ. */
  readonly #noise: number;
  readonly #samples: readonly Float64Array[];
  /** b(ε) for each fantasy. */
  readonly #bests: Float64Array;
  /** ln h(z) and z of the latest point for each fantasy. */
  readonly #logs: Float64Array;
  readonly #scores: Float64Array;
  /** v of the point of `#logs` and `#scores`. */
  #latest: Float64Array | undefined;
  readonly #byWhitened: Float64Array;

  constructor(posterior: Posterior, { leadingPoints, pending, random, noiseVariance }: ImprovementSettings) {
    this.#posterior = posterior;
    this.#known = posterior.points.count - pending;
    this.#noise = Math.sqrt(Math.max(0, noiseVariance - NOISE_VARIANCE_MIN));
    this.#samples = fantasies(pending, random);
    this.#bests = new Float64Array(this.#samples.length).fill(Number.NEGATIVE_INFINITY);
    this.#logs = new Float64Array(this.#samples.length);
    this.#scores = new Float64Array(this.#samples.length);
    this.#byWhitened = new Float64Array(posterior.points.count);
    for (const whitened of posterior.whitenEach(leadingPoints)) this.#updateBests(whitened);
  }

  value(point: Float64Array): number {
    return this.#valueAt(this.#posterior.whiten(point));
  }

  values(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(this.#posterior.whitenEach(points), (whitened) => this.#valueAt(whitened));
  }

  evaluate(point: Float64Array): Evaluation {
    const whitened = this.#posterior.whiten(point);
    const sd = Math.sqrt(this.#posterior.varianceOf(whitened));
    const value = this.#logImprovement(whitened, sd);
    return {
      value,
      gradient: () => {
        if (this.#latest !== whitened) this.#logImprovement(whitened, sd);
        this.#differentiate(whitened, sd);
        return this.#posterior.gradient(point, this.#byWhitened);
      },
    };
  }

  #valueAt(whitened: Float64Array): number {
    return this.#logImprovement(whitened, Math.sqrt(this.#posterior.varianceOf(whitened)));
  }

  #updateBests(whitened: Float64Array): void {
    const mean = dot(whitened, this.#posterior.whitenedTargets);
    this.#samples.forEach((sample, s) => {
      this.#bests[s] = Math.max(this.#bests[s] as number, mean + shiftOf(sample, whitened, this.#known));
    });
  }

  /** Returns the value at a point with the given v, and keeps ln h(z) and z. */
  #logImprovement(whitened: Float64Array, sd: number): number {
    this.#latest = whitened;
    const mean = dot(whitened, this.#posterior.whitenedTargets);
    for (let s = 0; s < this.#samples.length; s++) {
      const shift = shiftOf(this.#samples[s] as Float64Array, whitened, this.#known);
      const z = (mean + shift - (this.#bests[s] as number)) / sd;
      this.#scores[s] = z;
      this.#logs[s] = logH(z);
    }
    return logMeanExp(this.#logs) + Math.log(sd) + logNoiseFactor(sd, this.#noise);
  }

  /** Fills `#byWhitened` with the gradient with respect to v at the latest point. */
  #differentiate(whitened: Float64Array, sd: number): void {
    const total = logMeanExp(this.#logs);
    const gradient = this.#byWhitened.fill(0);
    let byMean = 0;
    let bySd = logNoiseFactorSlope(sd, this.#noise);
    for (let s = 0; s < this.#samples.length; s++) {
      const share = Math.exp((this.#logs[s] as number) - total) / this.#samples.length;
      const z = this.#scores[s] as number;
      const slope = (share * logHSlope(z)) / sd;
      byMean += slope;
      bySd += share / sd - slope * z;
      const sample = this.#samples[s] as Float64Array;
      for (let j = 0; j < sample.length; j++) {
        gradient[this.#known + j] = (gradient[this.#known + j] as number) + slope * (sample[j] as number);
      }
    }
    const { whitenedTargets } = this.#posterior;
    for (let i = 0; i < gradient.length; i++) {
      const byThis = byMean * (whitenedTargets[i] as number) - (bySd / sd) * (whitened[i] as number);
      gradient[i] = (gradient[i] as number) + byThis;
    }
  }
}

/**
 * Returns ln(1 - τ / t) with t = √(sd² + τ²), computed without cancellation as ln(sd² / (t (t +
 * τ))).
 */
function logNoiseFactor(sd: number, noise: number): number {
  const total = Math.hypot(sd, noise);
  return Math.log((sd / total) * (sd / (total + noise)));
}

/** Returns the derivative of `logNoiseFactor` with respect to sd: τ (t + τ) / (t² sd). */
function logNoiseFactorSlope(sd: number, noise: number): number {
  const total = Math.hypot(sd, noise);
  return (noise / total) * ((total + noise) / (total * sd));
}

function shiftOf(sample: Float64Array, whitened: Float64Array, known: number): number {
  let sum = 0;
  for (let j = 0; j < sample.length; j++) sum += (sample[j] as number) * (whitened[known + j] as number);
  return sum;
}

function logMeanExp(logs: Float64Array): number {
  const largest = logs.reduce((max, value) => Math.max(max, value));
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - largest);
  return largest + Math.log(sum / logs.length);
}
