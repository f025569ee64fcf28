// The search for the point where the acquisition function is largest. Candidates spread over the cube are judged first;
// from the best of them, steps along the gradient in the smooth dimensions take turns with trying other values in the
// discrete ones. Every point judged is one that a trial can have: coordinates are snapped to values.

import { minimiseBounded } from "../../../numeric/bounded-minimum.js";
import { spreadPoint } from "../../../numeric/low-discrepancy.js";
import type { Random } from "../../../random/random.js";
import type { Dimension } from "../dimension.js";

/** What is maximised. It may be asked between values, for the gradient's sake. */
export interface Acquisition {
  value(point: Float64Array): number;
  valueAndGradient(point: Float64Array): { readonly value: number; readonly gradient: Float64Array };
}

export interface RankedPoint {
  readonly point: Float64Array;
  readonly value: number;
}

export interface Search {
  readonly dimensions: readonly Dimension[];
  readonly acquisition: Acquisition;
  /** Points near which a maximum is likely. */
  readonly anchors: readonly Float64Array[];
  readonly random: Random;
  /** Where smooth dimensions are searched; shape (d,) each. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const SPREAD_CANDIDATES = 512;
const CANDIDATES_PER_ANCHOR = 16;
/** From a fiftieth of the cube's edge to a fifth, so that both the anchor's hill and its neighbours are met. */
const ANCHOR_SPREADS = [0.02, 0.07, 0.2] as const;
const LOCAL_SEARCHES = 6;
const ROUNDS_MAX = 3;
const GRADIENT_STEPS_MAX = 30;
const GRADIENT_TOLERANCE = 1e-5;

/** Points by falling value of the acquisition function: ends of local searches and candidates. Never empty. */
export function maximise(search: Search): RankedPoint[] {
  const candidates = [...spreadCandidates(search), ...anchorCandidates(search)]
    .map((point) => rank(search, point))
    .sort(byFallingValue);
  const improved = candidates.slice(0, LOCAL_SEARCHES).map((start) => climb(search, start));
  return [...improved, ...candidates].sort(byFallingValue);
}

function spreadCandidates({ dimensions, random, lower, upper }: Search): Float64Array[] {
  const start = Float64Array.from(dimensions, () => random.uniform());
  return Array.from({ length: SPREAD_CANDIDATES }, (_, i) =>
    spreadPoint(i, start).map((share, k) => between(lower[k] as number, upper[k] as number, share)),
  );
}

function between(low: number, high: number, share: number): number {
  return low + share * (high - low);
}

function anchorCandidates({ anchors, random, lower, upper }: Search): Float64Array[] {
  return anchors.flatMap((anchor) =>
    Array.from({ length: CANDIDATES_PER_ANCHOR }, (_, i) => {
      const spread = ANCHOR_SPREADS[i % ANCHOR_SPREADS.length] as number;
      return anchor.map((x, k) =>
        Math.min(upper[k] as number, Math.max(lower[k] as number, x + spread * random.normal())),
      );
    }),
  );
}

function climb(search: Search, start: RankedPoint): RankedPoint {
  let best = start;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const climbed = followGradient(search, best);
    best = changeValues(search, climbed);
    // Values that did not change leave the gradient where it ended.
    if (best === climbed) break;
  }
  return best;
}

/** A local maximum over the smooth dimensions, the others held. */
function followGradient(search: Search, from: RankedPoint): RankedPoint {
  const { dimensions, acquisition, lower, upper } = search;
  if (!dimensions.some(({ isSmooth }) => isSmooth)) return from;
  const { point } = minimiseBounded({
    evaluate: (x) => {
      const { value, gradient } = acquisition.valueAndGradient(x);
      return { value: -value, gradient: gradient.map((slope) => -slope) };
    },
    start: from.point,
    lower: from.point.map((x, i) => (dimensions[i]?.isSmooth ? (lower[i] as number) : x)),
    upper: from.point.map((x, i) => (dimensions[i]?.isSmooth ? (upper[i] as number) : x)),
    stepsMax: GRADIENT_STEPS_MAX,
    gradientTolerance: GRADIENT_TOLERANCE,
  });
  return better(rank(search, point), from);
}

/** The best value for each discrete dimension in turn, the others held. */
function changeValues(search: Search, from: RankedPoint): RankedPoint {
  let best = from;
  search.dimensions.forEach((dimension, i) => {
    for (const coordinate of dimension.alternatives(best.point[i] as number)) {
      best = better(rank(search, best.point.with(i, coordinate)), best);
    }
  });
  return best;
}

function rank({ dimensions, acquisition }: Search, unsnapped: Float64Array): RankedPoint {
  const point = unsnapped.map((x, i) => (dimensions[i] as Dimension).snap(x));
  return { point, value: acquisition.value(point) };
}

function better(a: RankedPoint, b: RankedPoint): RankedPoint {
  return a.value > b.value ? a : b;
}

function byFallingValue(a: RankedPoint, b: RankedPoint): number {
  return b.value - a.value;
}
