// Linear constraints in the search along the gradient: a penalty outside the region, and a
// projection back to it.
//
//   Σ a_i x_i ≤ b   a constraint; x_i are values of parameters, u_i their coordinates
//   span            largest change of the sum over the smooth dimensions
//   E               excess (Σ a_i x_i - b) / span; above 0 outside the region
//   penalty         PRICE Σ max(0, E)² over the constraints

import type { LinearConstraint } from "../../../space/constraint/linear-constraint.js";
import type { Region } from "../../../space/constraint/region.js";
import type { DesignSpace } from "../../../space/design-space.js";
import type { DoubleParameter, IntegerParameter, Parameter, ParameterValues } from "../../../space/parameter.js";
import { numberAt, type ScaledRange, slopeAt } from "../../../space/scale.js";

/** A value and its gradient, shape (d,). */
interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** The linear constraints of a region as a penalty and a projection. */
export interface Barrier {
  /** Returns the penalty of a point and its gradient; 0 where all constraints hold. */
  penalty(point: Float64Array): Slope;
  /**
   * Returns the point if all constraints hold there. Otherwise moves it along smooth dimensions to
   * the edge of the region; the result may still violate a constraint without such dimensions.
   */
  inside(point: Float64Array): Float64Array;
}

/** Weight of the penalty. An excess of 0.01 costs 1, a factor of e in expected improvement. */
const PRICE = 1e4;
/** Most projections, each on the constraint with the largest excess. */
const ROUNDS_MAX = 12;
/** Distance behind the edge, so that rounding does not leave the region again. */
const MARGIN = 1e-12;

/** Returns the barrier of a region's constraints; undefined if it has none. */
export function barrierOf({ space, constraints = [] }: Region, design: DesignSpace): Barrier | undefined {
  if (constraints.length === 0) return undefined;
  const walls = constraints.map((constraint) => wallOf(constraint, space, design));
  const excesses = (point: Float64Array) => {
    const values = design.decode(point);
    return walls.map((wall) => excessAt(wall, point, values));
  };
  return {
    penalty: (point) => penaltyOf(excesses(point), point.length),
    inside(point) {
      let moved = point;
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const worst = excesses(moved).reduce((a, b) => (b.value > a.value ? b : a));
        const square = worst.gradient.reduce((sum, slope) => sum + slope * slope, 0);
        if (worst.value <= 0 || square === 0) break;
        const step = (worst.value + MARGIN) / square;
        moved = moved.map((x, i) => Math.min(1, Math.max(0, x - step * (worst.gradient[i] as number))));
      }
      return moved;
    },
  };
}

/** A constraint in terms of coordinates. */
interface Wall {
  readonly constraint: LinearConstraint;
  readonly terms: readonly Term[];
  /** Above 0; 1 if no term has a smooth dimension. */
  readonly span: number;
  /** Upper limit of what rounding coordinates to steps adds to the sum. */
  readonly rounding: number;
}

interface Term {
  readonly name: string;
  readonly coefficient: number;
  /** Present for a smooth dimension. */
  readonly smooth?: { readonly dimension: number; readonly range: ScaledRange };
}

function wallOf(constraint: LinearConstraint, space: Region["space"], design: DesignSpace): Wall {
  const terms = Object.entries(constraint.terms).map(([name, coefficient]): Term => {
    const dimension = design.names.indexOf(name);
    if (design.dimensions[dimension]?.isSmooth !== true) return { name, coefficient };
    const { min, max, scale } = space[name] as DoubleParameter | IntegerParameter;
    return { name, coefficient, smooth: { dimension, range: { low: min, high: max, scale } } };
  });
  const sum = (part: (term: Term, parameter: Parameter) => number) =>
    terms.reduce((total, term) => total + Math.abs(term.coefficient) * part(term, space[term.name] as Parameter), 0);
  return {
    constraint,
    terms,
    span: sum(({ smooth }) => (smooth === undefined ? 0 : smooth.range.high - smooth.range.low)) || 1,
    rounding: sum(({ smooth }, parameter) =>
      smooth !== undefined && "step" in parameter ? (parameter.step ?? 0) / 2 : 0,
    ),
  };
}

/**
 * Returns E and its gradient; E = -1 if a parameter is inactive, because the constraint then holds.
 */
function excessAt({ constraint, terms, span, rounding }: Wall, point: Float64Array, values: ParameterValues): Slope {
  const gradient = new Float64Array(point.length);
  let sum = rounding - constraint.limit;
  for (const { name, coefficient, smooth } of terms) {
    if (!Object.hasOwn(values, name)) return { value: -1, gradient: gradient.fill(0) };
    if (smooth === undefined) {
      sum += coefficient * (values[name] as number);
      continue;
    }
    const place = point[smooth.dimension] as number;
    sum += coefficient * numberAt(smooth.range, place);
    gradient[smooth.dimension] = (coefficient * slopeAt(smooth.range, place)) / span;
  }
  return { value: sum / span, gradient };
}

function penaltyOf(excesses: readonly Slope[], d: number): Slope {
  const gradient = new Float64Array(d);
  let value = 0;
  for (const excess of excesses) {
    if (excess.value <= 0) continue;
    value += PRICE * excess.value ** 2;
    for (let i = 0; i < d; i++) {
      gradient[i] = (gradient[i] as number) + 2 * PRICE * excess.value * (excess.gradient[i] as number);
    }
  }
  return { value, gradient };
}
