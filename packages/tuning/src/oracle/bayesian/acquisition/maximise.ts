// Maximisation of the acquisition function. Candidates are spread over the cube and around the
// anchors. From the best ones, local searches alternate between gradient steps in the smooth
// dimensions and trying other values in the discrete ones. Ranked points are settled: their
// coordinates are those of parameter values.

import { minimiseBounded } from "../../../numeric/bounded-minimum.js";
import { spreadPoints } from "../../../numeric/low-discrepancy.js";
import type { Random } from "../../../random/random.js";
import type { Dimension } from "../../../space/design-space.js";
import type { Acquisition } from "./acquisition.js";
import type { Barrier } from "./barrier.js";

/** A point and the value of the acquisition function there. */
export interface RankedPoint {
  readonly point: Float64Array;
  readonly value: number;
}

/** A maximisation of an acquisition function over a design space. */
export interface Search {
  readonly dimensions: readonly Dimension[];
  readonly acquisition: Acquisition;
  /** Points near which a maximum is likely; additional candidates are drawn around them. */
  readonly anchors: readonly Float64Array[];
  readonly random: Random;
  /**
   * True if the function has many separate hills, as the gain over a front has: further candidates
   * differ from an anchor in one or two coordinates, and more local searches start, far from each
   * other.
   *
   * @default false
   */
  readonly isRugged?: boolean;
  /** The constraints of the region. @default none */
  readonly barrier?: Barrier | undefined;
  /** Returns the settled point of a point; undefined if it is outside the region. */
  readonly settle: (point: Float64Array) => Float64Array | undefined;
}

/** Candidates of a low-discrepancy sequence over the cube. */
const SPREAD_CANDIDATES = 512;
const CANDIDATES_PER_ANCHOR = 16;
/**
 * Standard deviations of candidates around an anchor, in edges of the cube: its own hill and its
 * neighbours.
 */
const ANCHOR_SPREADS = [0.02, 0.07, 0.2] as const;
/** Candidates around each anchor of a rugged function that change one or two coordinates. */
const CHANGES_PER_ANCHOR = 16;
/** Number of best candidates that start a local search. */
const LOCAL_SEARCHES = 6;
/** Number of local searches over a rugged function. */
const RUGGED_SEARCHES = 10;
/** Smallest distance between two starts over a rugged function, in one coordinate at least. */
const START_DISTANCE_MIN = 0.1;
/** Rounds of a local search: gradient steps, then other discrete values. */
const ROUNDS_MAX = 3;
const GRADIENT_STEPS_MAX = 30;
const GRADIENT_TOLERANCE = 1e-5;
/** A change of log expected improvement below 1e-6 changes no decision. */
const PROGRESS_MIN = 1e-6;

/** Returns the results of the local searches and all candidates, best first. Never empty. */
export function maximise(search: Search): RankedPoint[] {
  const changed = search.isRugged === true ? changedCandidates(search) : [];
  const unsettled = [...spreadCandidates(search), ...anchorCandidates(search), ...changed];
  const inside = unsettled.map((point) => search.barrier?.inside(point) ?? point);
  const candidates = rankEach(search, inside).sort(byFallingValue);
  const improved = startsOf(search, candidates).map((start) => climb(search, start));
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

/**
 * Returns points that differ from an anchor in one or two coordinates: the end of the range,
 * another anchor's coordinate, or any other value. Where limits or a front leave only edges of the
 * cube, a step in all coordinates at once leads away from all that is good.
 */
function changedCandidates({ dimensions, anchors, random }: Search): Float64Array[] {
  const coordinate = (k: number) => {
    const choice = random.integer(4);
    if (choice < 2) return choice;
    return choice === 2 ? (anchors[random.integer(anchors.length)]?.[k] as number) : random.uniform();
  };
  return anchors.flatMap((anchor) =>
    Array.from({ length: CHANGES_PER_ANCHOR }, (_, i) => {
      const first = random.integer(dimensions.length);
      const changed = anchor.with(first, coordinate(first));
      const second = random.integer(dimensions.length);
      return i % 2 === 0 ? changed : changed.with(second, coordinate(second));
    }),
  );
}

/** Returns the candidates from which local searches start. */
function startsOf({ isRugged }: Search, candidates: readonly RankedPoint[]): RankedPoint[] {
  if (isRugged !== true) return candidates.slice(0, LOCAL_SEARCHES);
  const starts: RankedPoint[] = [];
  for (const candidate of candidates) {
    if (starts.length === RUGGED_SEARCHES) break;
    const isFar = (start: RankedPoint) =>
      start.point.some((x, i) => Math.abs(x - (candidate.point[i] as number)) >= START_DISTANCE_MIN);
    if (starts.every(isFar)) starts.push(candidate);
  }
  return starts;
}

function climb(search: Search, start: RankedPoint): RankedPoint {
  let best = start;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const climbed = followGradient(search, best);
    best = changeValues(search, climbed);
    // Without a change of discrete values, another gradient search would end at the same point.
    if (best === climbed) break;
  }
  return best;
}

/** Returns a local maximum over the smooth dimensions, projected into the region. */
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

/** Chooses the best value of each discrete dimension in turn, the other dimensions fixed. */
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
