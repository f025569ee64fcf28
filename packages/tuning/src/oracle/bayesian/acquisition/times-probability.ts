import type { Acquisition } from "./acquisition.js";

/**
 * The logarithm of a gain that comes with a probability only: the sum of both logarithms.
 *
 * @param gain - logarithm of the gain where there is one
 * @param probability - logarithm of its probability
 * @see Gelbart, Snoek, Adams, Bayesian Optimization with Unknown Constraints, 2014, eq. 6
 */
export function timesProbability(gain: Acquisition, probability: Acquisition): Acquisition {
  return {
    value: (point) => gain.value(point) + probability.value(point),
    values(points) {
      const chances = probability.values(points);
      return gain.values(points).map((value, i) => value + (chances[i] as number));
    },
    valueAndGradient(point) {
      const [a, b] = [gain.valueAndGradient(point), probability.valueAndGradient(point)];
      return {
        value: a.value + b.value,
        get gradient() {
          const other = b.gradient;
          return a.gradient.map((slope, i) => slope + (other[i] as number));
        },
      };
    },
  };
}
