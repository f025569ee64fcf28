// The logarithm of the improvement expected over the best of the contenders, on average over what the pending trials may
// bring: Snoek, Larochelle, Adams, Practical Bayesian Optimization, 2012, section 3.2, without fitting anew for any.
//
//   v     L⁻¹ k for observed and pending points     see gaussian-process/posterior.ts
//   ε     a fantasy: standard normal, one number for each pending point
//   mean  under a fantasy: vᵀ (z, ε); the variance is the same under all

import type { Random } from "../../../random/random.js";
import type { Posterior } from "../gaussian-process/posterior.js";
import { fantasies } from "../pending/fantasies.js";
import type { Acquisition } from "./acquisition.js";
import { logExpectedImprovement } from "./log-expected-improvement.js";

interface Outlook {
  /** Points of which the best has to be improved on. */
  readonly contenders: readonly Float64Array[];
  /** The last so many points of the process have no value yet. */
  readonly pending: number;
  readonly random: Random;
}

/** The acquisition function over a process. */
export function expectedImprovement(posterior: Posterior, { contenders, pending, random }: Outlook): Acquisition {
  const known = posterior.points.count - pending;
  const samples = fantasies(pending, random);
  const bests = samples.map(() => Number.NEGATIVE_INFINITY);
  for (const point of contenders) {
    const whitened = posterior.whiten(point);
    const mean = meanOf(posterior, whitened);
    samples.forEach((sample, s) => {
      bests[s] = Math.max(bests[s] as number, mean + shiftOf(sample, whitened, known));
    });
  }
  const logs = new Float64Array(samples.length);
  const byMeans = new Float64Array(samples.length);
  const bySds = new Float64Array(samples.length);
  const byWhitened = new Float64Array(posterior.points.count);

  const judge = (whitened: Float64Array): { value: number; sd: number } => {
    const sd = Math.sqrt(posterior.varianceOf(whitened));
    const mean = meanOf(posterior, whitened);
    samples.forEach((sample, s) => {
      const improvement = logExpectedImprovement(mean + shiftOf(sample, whitened, known), sd, bests[s] as number);
      logs[s] = improvement.value;
      byMeans[s] = improvement.byMean;
      bySds[s] = improvement.bySd;
    });
    return { value: logMeanExp(logs), sd };
  };

  return {
    value: (point) => judge(posterior.whiten(point)).value,
    valueAndGradient(point) {
      const whitened = posterior.whiten(point);
      const { value, sd } = judge(whitened);
      let byMean = 0;
      let bySd = 0;
      byWhitened.fill(0);
      samples.forEach((sample, s) => {
        const share = Math.exp((logs[s] as number) - value) / samples.length;
        const slope = share * (byMeans[s] as number);
        byMean += slope;
        bySd += share * (bySds[s] as number);
        for (let j = 0; j < sample.length; j++) {
          byWhitened[known + j] = (byWhitened[known + j] as number) + slope * (sample[j] as number);
        }
      });
      for (let i = 0; i < byWhitened.length; i++) {
        const byThis = byMean * (posterior.whitenedTargets[i] as number) - (bySd / sd) * (whitened[i] as number);
        byWhitened[i] = (byWhitened[i] as number) + byThis;
      }
      return { value, gradient: posterior.gradient(point, byWhitened) };
    },
  };
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
