// The logarithm of the improvement expected over the best of the leadingPoints, on average over what the pending trials may
// bring: Snoek, Larochelle, Adams, Practical Bayesian Optimization, 2012, section 3.2, without fitting anew for any. It is
// multiplied by the share of what is not known at a point that one noisy trial tells, 1 - τ / √(sd² + τ²): Huang, Allen, Notz,
// Zeng, Global Optimization of Stochastic Black-Box Systems, 2006, eq. 13. Without it, a search under noise stays where it
// knows all that there is to know.
//
//   v     L⁻¹ k for observed and pending points     see gaussian-process/posterior.ts
//   ε     a fantasy: standard normal, one number for each pending point
//   τ     standard deviation of the noise of one trial, beyond what may be detail
//   mean  under a fantasy: vᵀ (z, ε); the variance is the same under all

import type { Random } from "../../../random/random.js";
import type { Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import type { Acquisition, Slope } from "./acquisition.js";
import { fantasies } from "./fantasies.js";
import { logH, logHSlope } from "./log-expected-improvement.js";

interface ImprovementSettings {
  /** Points of which the best has to be improved on. */
  readonly leadingPoints: readonly Float64Array[];
  /** The last so many points of the process have no value yet. */
  readonly pending: number;
  readonly random: Random;
  /** Variance of one trial's noise, as far as it is known to be noise. */
  readonly noiseVariance: number;
}

/** The acquisition function over a process. */
export function expectedImprovement(posterior: Posterior, settings: ImprovementSettings): Acquisition {
  return new FantasyImprovement(posterior, settings);
}

/** Noise of less than a thousandth of the variance seen may as well be detail, which a search should look into. */
const NOISE_VARIANCE_MIN = 1e-3;

/** Reuses its memory from point to point. */
class FantasyImprovement implements Acquisition {
  readonly #posterior: Posterior;
  /** Points with a value, which come first. */
  readonly #known: number;
  /** τ. */
  readonly #noise: number;
  readonly #samples: readonly Float64Array[];
  /** What has to be improved on, under each fantasy. */
  readonly #bests: Float64Array;
  /** ln h(z) and z under each fantasy, of the latest point. */
  readonly #logs: Float64Array;
  readonly #scores: Float64Array;
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
    for (const whitened of posterior.whitenEach(leadingPoints)) this.#compete(whitened);
  }

  value(point: Float64Array): number {
    return this.#valueAt(this.#posterior.whiten(point));
  }

  values(points: readonly Float64Array[]): Float64Array {
    return Float64Array.from(this.#posterior.whitenEach(points), (whitened) => this.#valueAt(whitened));
  }

  valueAndGradient(point: Float64Array): Slope {
    const whitened = this.#posterior.whiten(point);
    const sd = Math.sqrt(this.#posterior.varianceOf(whitened));
    const value = this.#judge(whitened, sd);
    const gradientOf = () => {
      this.#differentiate(whitened, sd);
      return this.#posterior.gradient(point, this.#byWhitened);
    };
    return {
      value,
      get gradient() {
        return gradientOf();
      },
    };
  }

  #valueAt(whitened: Float64Array): number {
    return this.#judge(whitened, Math.sqrt(this.#posterior.varianceOf(whitened)));
  }

  #compete(whitened: Float64Array): void {
    const mean = meanOf(this.#posterior, whitened);
    this.#samples.forEach((sample, s) => {
      this.#bests[s] = Math.max(this.#bests[s] as number, mean + shiftOf(sample, whitened, this.#known));
    });
  }

  /** The logarithm of the improvement where v is as given. */
  #judge(whitened: Float64Array, sd: number): number {
    const mean = meanOf(this.#posterior, whitened);
    for (let s = 0; s < this.#samples.length; s++) {
      const shift = shiftOf(this.#samples[s] as Float64Array, whitened, this.#known);
      const z = (mean + shift - (this.#bests[s] as number)) / sd;
      this.#scores[s] = z;
      this.#logs[s] = logH(z);
    }
    return logMeanExp(this.#logs) + Math.log(sd) + logLearntShare(sd, this.#noise);
  }

  /** Its gradient by v, after `#judge` with the same arguments. */
  #differentiate(whitened: Float64Array, sd: number): void {
    const total = logMeanExp(this.#logs);
    const gradient = this.#byWhitened.fill(0);
    let byMean = 0;
    let bySd = logLearntShareSlope(sd, this.#noise);
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

/** Logarithm of 1 - τ / t with t = √(sd² + τ²), which is sd² / (t (t + τ)) without cancellation. */
function logLearntShare(sd: number, noise: number): number {
  const total = Math.hypot(sd, noise);
  return Math.log((sd / total) * (sd / (total + noise)));
}

/** Its derivative by sd: τ (t + τ) / (t² sd). */
function logLearntShareSlope(sd: number, noise: number): number {
  const total = Math.hypot(sd, noise);
  return (noise / total) * ((total + noise) / (total * sd));
}

function meanOf({ whitenedTargets }: Posterior, whitened: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < whitened.length; i++) sum += (whitened[i] as number) * (whitenedTargets[i] as number);
  return sum;
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
