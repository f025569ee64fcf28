// Minimisation of a smooth function in a box: projected L-BFGS. Each step takes the two-loop direction (Nocedal, Wright,
// Numerical Optimization, algorithm 7.4) in the variables that are not held at a bound, and walks along its projection on
// the box until the function has fallen enough (Armijo).

/** The value of a function at a point and its gradient there. */
export interface ValueAndGradient {
  /** Infinity or NaN where the function is not defined. */
  readonly value: number;
  /** Read once, before the next point is evaluated, where a step ends; not of points that are passed over. */
  readonly gradient: Float64Array;
}

export interface BoundedProblem {
  readonly evaluate: (point: Float64Array) => ValueAndGradient;
  /** Within the bounds. */
  readonly start: Float64Array;
  readonly lower: Float64Array;
  /** Nowhere below `lower`. */
  readonly upper: Float64Array;
  readonly stepsMax: number;
  /** Ends once no component of the gradient that points into the box is larger than this. */
  readonly gradientTolerance: number;
  /** Ends once a step lowers the function by no more than this. */
  readonly progressMin: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
}

/** Pairs of steps and gradient changes that the curvature is estimated from. */
const MEMORY = 8;
const ARMIJO = 1e-4;
const HALVINGS_MAX = 25;
/** Steps that lower the function by less than this share of its size are rounding. */
const PROGRESS_SHARE = 1e-12;

/**
 * Finds a local minimum.
 *
 * @returns the best point met; the start itself if the function is not finite there
 */
export function minimiseBounded(problem: BoundedProblem): Minimum {
  const { evaluate, lower, upper, stepsMax, gradientTolerance, progressMin } = problem;
  let point = Float64Array.from(problem.start);
  let { value, gradient } = evaluate(point);
  const pairs: Pair[] = [];
  for (let step = 0; step < stepsMax && Number.isFinite(value); step++) {
    const free = freeVariables(point, gradient, { lower, upper });
    if (largest(gradient, free) <= gradientTolerance) break;
    const next =
      lineSearch(problem, { point, value, gradient }, direction(gradient, free, pairs)) ??
      lineSearch(problem, { point, value, gradient }, steepest(gradient, free));
    if (next === undefined) break;
    remember(pairs, difference(next.point, point), difference(next.gradient, gradient));
    const progress = value - next.value;
    ({ point, value, gradient } = next);
    if (progress <= Math.max(progressMin, PROGRESS_SHARE * Math.abs(value))) break;
  }
  return { point, value };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

interface State extends ValueAndGradient {
  readonly point: Float64Array<ArrayBuffer>;
}

interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** 1 for variables that may move downhill, 0 for those that a bound holds. */
function freeVariables(point: Float64Array, gradient: Float64Array, { lower, upper }: Box): Float64Array {
  return point.map((x, i) => {
    const slope = at(gradient, i);
    const isHeld = (x <= at(lower, i) && slope > 0) || (x >= at(upper, i) && slope < 0);
    return isHeld ? 0 : 1;
  });
}

/** The two-loop recursion, with steps and changes seen in the free variables only. */
function direction(gradient: Float64Array, free: Float64Array, pairs: readonly Pair[]): Float64Array {
  const d = product(gradient, free);
  const usable = pairs.flatMap(({ step, change }) => {
    const s = product(step, free);
    const y = product(change, free);
    const curvature = dot(s, y);
    return curvature > 1e-10 * dot(y, y) ? [{ s, y, curvature, weight: 0 }] : [];
  });
  for (const pair of [...usable].reverse()) {
    pair.weight = dot(pair.s, d) / pair.curvature;
    addScaled(d, pair.y, -pair.weight);
  }
  const latest = usable.at(-1);
  const scale = latest === undefined ? firstScale(d) : latest.curvature / dot(latest.y, latest.y);
  for (let i = 0; i < d.length; i++) d[i] = at(d, i) * scale;
  for (const pair of usable) addScaled(d, pair.s, pair.weight - dot(pair.y, d) / pair.curvature);
  return d.map((component) => -component);
}

function steepest(gradient: Float64Array, free: Float64Array): Float64Array {
  const d = product(gradient, free);
  const scale = firstScale(d);
  return d.map((component) => -component * scale);
}

/** Without knowledge of the curvature, a first step of length at most 1. */
function firstScale(gradient: Float64Array): number {
  return 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
}

/** @returns undefined if no point along the way is lower enough */
function lineSearch({ evaluate, lower, upper }: BoundedProblem, from: State, d: Float64Array): State | undefined {
  let length = 1;
  for (let halving = 0; halving < HALVINGS_MAX; halving++) {
    const point = from.point.map((x, i) => Math.min(at(upper, i), Math.max(at(lower, i), x + length * at(d, i))));
    const slope = dot(from.gradient, difference(point, from.point));
    // Not below: held at bounds or uphill, so that shorter steps are no better.
    if (!(slope < 0)) return undefined;
    const reached = evaluate(point);
    const { value } = reached;
    if (value <= from.value + ARMIJO * slope) return { point, value, gradient: reached.gradient };
    length *= Number.isFinite(value) ? interpolated(slope, value - from.value) : 0.1;
  }
  return undefined;
}

/** Where a parabola through both values and the first slope has its minimum, as a share of the step; 0.1 to 0.5. */
function interpolated(slope: number, rise: number): number {
  return Math.min(0.5, Math.max(0.1, -slope / (2 * (rise - slope))));
}

function remember(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  pairs.push({ step, change });
  if (pairs.length > MEMORY) pairs.shift();
}

function largest(values: Float64Array, mask: Float64Array): number {
  return values.reduce((max, value, i) => Math.max(max, Math.abs(value) * at(mask, i)), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * at(b, i));
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - at(b, i));
}

function addScaled(target: Float64Array, source: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i] = at(target, i) + scale * at(source, i);
}

function at(array: Float64Array, index: number): number {
  return array[index] as number;
}
