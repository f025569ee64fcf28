// The search for the point where the acquisition function is largest. Candidates spread over the cube are judged first;
// from the best of them, steps along the gradient in the smooth dimensions take turns with trying other values in the
// discrete ones. Every point judged is one that a trial can have: coordinates are snapped to values.

import { minimiseBounded } from "../../../numeric/bounded-minimum.js";
import { spreadPoints } from "../../../numeric/low-discrepancy.js";
import type { Random } from "../../../random/random.js";
import type { Dimension } from "../../../space/design-space.js";
import type { Acquisition } from "./acquisition.js";
import type { Barrier } from "./barrier.js";

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
  /** Where constraints bound the search. @default nowhere */
  readonly barrier?: Barrier | undefined;
  /** The point that a trial near a point would have; undefined if no trial may be there. */
  readonly settle: (point: Float64Array) => Float64Array | undefined;
}

const SPREAD_CANDIDATES = 512;
const CANDIDATES_PER_ANCHOR = 16;
/** From a fiftieth of the cube's edge to a fifth, so that both the anchor's hill and its neighbours are met. */
const ANCHOR_SPREADS = [0.02, 0.07, 0.2] as const;
const LOCAL_SEARCHES = 6;
const ROUNDS_MAX = 3;
const GRADIENT_STEPS_MAX = 30;
const GRADIENT_TOLERANCE = 1e-5;
/** A millionth of the acquisition's logarithm changes no decision. */
const PROGRESS_MIN = 1e-6;

/** Points by falling value of the acquisition function: ends of local searches and candidates. Never empty. */
export function maximise(search: Search): RankedPoint[] {
  const unsettled = [...spreadCandidates(search), ...anchorCandidates(search)];
  const inside = unsettled.map((point) => search.barrier?.inside(point) ?? point);
  const candidates = rankEach(search, inside).sort(byFallingValue);
  const improved = candidates.slice(0, LOCAL_SEARCHES).map((start) => climb(search, start));
  return [...improved, ...candidates].sort(byFallingValue);
}

function spreadCandidates({ dimensions, random }: Search): Float64Array[] {
  return spreadPoints(
    SPREAD_CANDIDATES,
    Float64Array.from(dimensions, () => random.uniform()),
  );
}

function anchorCandidates({ anchors, random }: Search): Float64Array[] {
  return anchors.flatMap((anchor) =>
    Array.from({ length: CANDIDATES_PER_ANCHOR }, (_, i) => {
      const spread = ANCHOR_SPREADS[i % ANCHOR_SPREADS.length] as number;
      return anchor.map((x) => Math.min(1, Math.max(0, x + spread * random.normal())));
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

/** A local maximum over the smooth dimensions, the others held. A way out of the constraints ends beside them. */
function followGradient(search: Search, from: RankedPoint): RankedPoint {
  const { dimensions, acquisition, barrier } = search;
  if (!dimensions.some(({ isSmooth }) => isSmooth)) return from;
  const { point } = minimiseBounded({
    evaluate: (x) => {
      const reached = acquisition.evaluate(x);
      const penalty = barrier?.penalty(x);
      return {
        value: (penalty?.value ?? 0) - reached.value,
        gradient: () => reached.gradient().map((slope, i) => (penalty?.gradient[i] ?? 0) - slope),
      };
    },
    start: from.point,
    lower: from.point.map((x, i) => (dimensions[i]?.isSmooth ? 0 : x)),
    upper: from.point.map((x, i) => (dimensions[i]?.isSmooth ? 1 : x)),
    stepsMax: GRADIENT_STEPS_MAX,
    gradientTolerance: GRADIENT_TOLERANCE,
    progressMin: PROGRESS_MIN,
  });
  return better(rank(search, barrier?.inside(point) ?? point), from);
}

/** The best value for each discrete dimension in turn, the others held. */
function changeValues(search: Search, from: RankedPoint): RankedPoint {
  return search.dimensions.reduce((best, dimension, i) => {
    const alternatives = dimension.alternatives(best.point[i] as number);
    return rankEach(
      search,
      alternatives.map((coordinate) => best.point.with(i, coordinate)),
    ).reduce((a, b) => better(b, a), best);
  }, from);
}

function rank(search: Search, unsettled: Float64Array): RankedPoint {
  return rankEach(search, [unsettled])[0] as RankedPoint;
}

function rankEach({ settle, acquisition }: Search, unsettled: readonly Float64Array[]): RankedPoint[] {
  const settled = unsettled.map(settle);
  const values = acquisition.values(settled.filter((point) => point !== undefined));
  let next = 0;
  return settled.map((point, i) =>
    point === undefined
      ? { point: unsettled[i] as Float64Array, value: Number.NEGATIVE_INFINITY }
      : { point, value: values[next++] as number },
  );
}

function better(a: RankedPoint, b: RankedPoint): RankedPoint {
  return a.value > b.value ? a : b;
}

function byFallingValue(a: RankedPoint, b: RankedPoint): number {
  return b.value - a.value;
}
