// Minimisation of a smooth function f in a box by projected L-BFGS.
//
//   x      point, lower ≤ x ≤ upper                                            shape (n,)
//   g      gradient of f at x                                                  shape (n,)
//   F      free variables: all except those at a bound that -g points across
//   s, y   change of x and change of g in one step, restricted to F            shape (n,)
//   d      search direction, 0 outside F                                       shape (n,)
//   P      projection on the box
//   λ      step length: the next point is P(x + λ d)
//
// The two-loop recursion computes d from the latest pairs (s, y). The line search shortens λ until
// f(P(x + λ d)) ≤ f(x) + c g·(P(x + λ d) - x), the Armijo condition.
//
// Nocedal, Wright, Numerical Optimization, 2nd edition, algorithm 7.4 and section 3.1.

import { dot } from "./vector.js";

/** A function at one point. */
export interface Evaluation {
  /** Infinity or NaN where the function is not defined. */
  readonly value: number;
  /**
   * Returns the gradient at the point, shape (n,). Computed on demand, because a line search needs
   * no gradient at the points that it rejects; correct whenever it is called.
   */
  gradient(): Float64Array;
}

/** A function, its box, and the conditions that end its minimisation. */
export interface BoundedProblem {
  readonly evaluate: (point: Float64Array) => Evaluation;
  /** First point, shape (n,), lower ≤ start ≤ upper. */
  readonly start: Float64Array;
  /** Lower bounds, shape (n,). */
  readonly lower: Float64Array;
  /** Upper bounds, shape (n,), lower ≤ upper. Equal bounds fix a variable. */
  readonly upper: Float64Array;
  /** Upper limit of steps; each may evaluate the function several times. */
  readonly stepsMax: number;
  /** The minimisation ends when max |g_i| over the free variables is at most this value. */
  readonly gradientTolerance: number;
  /** The minimisation ends after a step that lowers the function by at most this value. */
  readonly progressMin: number;
}

/** A point and the value of the function there. */
interface Minimum {
  /** Shape (n,). */
  readonly point: Float64Array;
  readonly value: number;
}

/** Number of pairs (s, y) that estimate the curvature; the usual range is 3 to 20. */
const PAIRS_MAX = 8;
/** c of the Armijo condition; the customary value. */
const ARMIJO = 1e-4;
/** Pairs with s·y ≤ CURVATURE_MIN y·y are skipped: rounding may hide a negative curvature. */
const CURVATURE_MIN = 1e-10;
/** Step lengths that one line search tries. Each is at most half the previous one. */
const LENGTHS_MAX = 25;
/** Progress below this share of |f| is rounding and ends the minimisation. */
const PROGRESS_SHARE = 1e-12;

/**
 * Finds a local minimum of a smooth function in a box.
 *
 * @returns the point with the lowest value; the start if the function is not finite there or no
 * step lowers the function
 */
export function minimiseBounded(problem: BoundedProblem): Minimum {
  const { evaluate, lower, upper, stepsMax, gradientTolerance, progressMin } = problem;
  let point = Float64Array.from(problem.start);
  const first = evaluate(point);
  let { value } = first;
  let gradient = first.gradient();
  const pairs: Pair[] = [];
  for (let step = 0; step < stepsMax && Number.isFinite(value); step++) {
    const free = freeVariables(point, gradient, { lower, upper });
    if (largestMagnitude(gradient, free) <= gradientTolerance) break;
    const next =
      lineSearch(problem, { point, value, gradient }, direction(gradient, free, pairs)) ??
      lineSearch(problem, { point, value, gradient }, steepest(gradient, free));
    if (next === undefined) break;
    addPair(pairs, difference(next.point, point), difference(next.gradient, gradient));
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

interface Iterate {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly point: Float64Array<ArrayBuffer>;
}

interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Returns the indicator of F, shape (n,): 1 for free variables, 0 for the others. */
function freeVariables(point: Float64Array, gradient: Float64Array, { lower, upper }: Box): Float64Array {
  return point.map((x, i) => {
    const slope = at(gradient, i);
    const isHeld = (x <= at(lower, i) && slope > 0) || (x >= at(upper, i) && slope < 0);
    return isHeld ? 0 : 1;
  });
}

/** Returns the quasi-Newton direction d by the two-loop recursion in the free variables. */
function direction(gradient: Float64Array, free: Float64Array, pairs: readonly Pair[]): Float64Array {
  const d = product(gradient, free);
  const usable = pairs.flatMap(({ step, change }) => {
    const s = product(step, free);
    const y = product(change, free);
    const curvature = dot(s, y);
    return curvature > CURVATURE_MIN * dot(y, y) ? [{ s, y, curvature, weight: 0 }] : [];
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

/** Returns 1 / max(1, |g|), which limits a step without a curvature estimate to length 1. */
function firstScale(gradient: Float64Array): number {
  return 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
}

/** Returns the first point P(x + λ d) that fulfils the Armijo condition, or undefined. */
function lineSearch({ evaluate, lower, upper }: BoundedProblem, from: Iterate, d: Float64Array): Iterate | undefined {
  let length = 1;
  for (let tried = 0; tried < LENGTHS_MAX; tried++) {
    const point = from.point.map((x, i) => Math.min(at(upper, i), Math.max(at(lower, i), x + length * at(d, i))));
    const slope = dot(from.gradient, difference(point, from.point));
    // The projected step is zero or leads uphill. The caller tries steepest descent next, or ends.
    if (!(slope < 0)) return undefined;
    const reached = evaluate(point);
    const { value } = reached;
    if (value <= from.value + ARMIJO * slope) return { point, value, gradient: reached.gradient() };
    length *= Number.isFinite(value) ? interpolated(slope, value - from.value) : 0.1;
  }
  return undefined;
}

/**
 * Returns the factor that shortens a step, -slope / (2 (rise - slope)) limited to [0.1, 0.5]: the
 * minimum of the parabola through both values that has the given slope at the start.
 */
function interpolated(slope: number, rise: number): number {
  return Math.min(0.5, Math.max(0.1, -slope / (2 * (rise - slope))));
}

function addPair(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  pairs.push({ step, change });
  if (pairs.length > PAIRS_MAX) pairs.shift();
}

function largestMagnitude(values: Float64Array, mask: Float64Array): number {
  return values.reduce((max, value, i) => Math.max(max, Math.abs(value) * at(mask, i)), 0);
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
