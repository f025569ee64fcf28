import { minimiseBounded } from "../../numeric/bounded-minimum.js";
import type { Regressor } from "./gaussian-process.js";
import { numpyRandom } from "./mersenne-twister.js";

/** Weight of the standard deviation in the lower confidence bound; KerasTuner's default. */
export const BETA = 2.6;
const STARTS = 50;
const STEPS_MAX = 200;
const GRADIENT_TOLERANCE = 1e-6;

/** The settings of one search for the lowest confidence bound. */
export interface Search {
  /** Number of dimensions, at least 1. */
  readonly d: number;
  readonly seed: number;
  /** Number of earlier searches of the study. All searches share one generator for their starts. */
  readonly earlierSearches: number;
}

/**
 * Returns local minima of the lower confidence bound, mean - 2.6 sd, over the unit cube from 50
 * random starts.
 *
 * @returns points, lowest bound first; of equal bounds the earlier start comes first, so that on a
 * flat bound the first start is the result
 */
export function lowestBounds(regressor: Regressor, search: Search): Float64Array[] {
  const { d } = search;
  const minima = starts(search).map((start) =>
    minimiseBounded({
      evaluate(point) {
        const { mean, sd, meanGradient, sdGradient } = regressor.predict(point);
        return {
          value: mean - BETA * sd,
          gradient: () => meanGradient.map((slope, i) => slope - BETA * (sdGradient[i] as number)),
        };
      },
      start,
      lower: new Float64Array(d),
      upper: new Float64Array(d).fill(1),
      stepsMax: STEPS_MAX,
      gradientTolerance: GRADIENT_TOLERANCE,
      progressMin: 0,
    }),
  );
  return minima.sort((a, b) => a.value - b.value).map(({ point }) => point);
}

function starts({ d, seed, earlierSearches }: Search): Float64Array[] {
  const random = numpyRandom(seed);
  for (let draw = 0; draw < earlierSearches * STARTS * d; draw++) random.uniform();
  return Array.from({ length: STARTS }, () => Float64Array.from({ length: d }, () => random.uniform()));
}
