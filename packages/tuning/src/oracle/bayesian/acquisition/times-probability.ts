import type { Acquisition } from "./acquisition.js";

/**
 * Returns the logarithm of a gain times its probability: the sum of both logarithms.
 *
 * @param gain - logarithm of the gain if the trial completes
 * @param probability - logarithm of the probability that the trial completes
 * @see Gelbart, Snoek, Adams, Bayesian Optimization with Unknown Constraints, 2014, eq. 6
 */
export function timesProbability(gain: Acquisition, probability: Acquisition): Acquisition {
  return {
    value: (point) => gain.value(point) + probability.value(point),
    values(points) {
      const logProbabilities = probability.values(points);
      return gain.values(points).map((value, i) => value + (logProbabilities[i] as number));
    },
    evaluate(point) {
      const [a, b] = [gain.evaluate(point), probability.evaluate(point)];
      return {
        value: a.value + b.value,
        gradient() {
          const other = b.gradient();
          return a.gradient().map((slope, i) => slope + (other[i] as number));
        },
      };
    },
  };
}
