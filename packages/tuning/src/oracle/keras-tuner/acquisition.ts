import { minimiseBounded } from "../../numeric/bounded-minimum.js";
import type { Regressor } from "./gaussian-process.js";
import { numpyRandom } from "./mersenne-twister.js";

/** Weight of the deviation in the lower confidence bound. */
export const BETA = 2.6;
const STARTS = 50;
const STEPS_MAX = 200;
const GRADIENT_TOLERANCE = 1e-6;

export interface Search {
  /** Number of dimensions, at least 1. */
  readonly d: number;
  readonly seed: number;
  /** Searches that the study made before this one: the generator of the starts goes on from search to search. */
  readonly earlierSearches: number;
}

/**
 * Local minima of the lower confidence bound mean - 2.6 sd over the unit cube, from 50 random starts.
 *
 * @returns points by rising bound; of equal ones the earlier start comes first, so that where the bound is flat the first
 * start itself is the answer
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
