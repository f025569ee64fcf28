// Linear constraints as the search along the gradient sees them: it may go a little too far, at a price, and is led back.
//
//   E   excess of a constraint: what its sum has above the limit, as a share of the most that the sum can change

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
  /** The price of a point: 0 where the constraints hold, and rising with the square of the excess where not. */
  penalty(point: Float64Array): Slope;
  /**
   * The point itself, if the constraints hold there, else one beside them that only differs in smooth dimensions. Where
   * these cannot mend it, they do not hold there either.
   */
  inside(point: Float64Array): Float64Array;
}

/** An excess of a hundredth costs as much as e is worth to the acquisition function's logarithm. */
const PRICE = 1e4;
const ROUNDS_MAX = 12;
/** So that rounding does not lead out again. */
const MARGIN = 1e-12;

/** The barrier of a region's constraints; undefined if it has none. */
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

interface Wall {
  readonly constraint: LinearConstraint;
  readonly terms: readonly Term[];
  /** The most that the sum can change, above 0. */
  readonly span: number;
  /** What rounding to the values of smooth integers may add to the sum. */
  readonly rounding: number;
}

interface Term {
  readonly name: string;
  readonly coefficient: number;
  /** Of a smooth dimension. */
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

/** E and its gradient; below 0 where a parameter of the constraint has no value, for then it demands nothing. */
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
