// Problems with several objectives, all to be minimised, on their usual domains.
//
//   x   point, shape (d,)
//   f   objectives, shape (m,)
//   c   constraints, each of which holds where it is at most 0
//
// ZDT1 to ZDT3: Zitzler, Deb, Thiele, Comparison of Multiobjective Evolutionary Algorithms, 2000.
// DTLZ2: Deb, Thiele, Laumanns, Zitzler, Scalable Test Problems, 2005. C2-DTLZ2: Jain, Deb, An
// Evolutionary Many-Objective Optimization Algorithm, part II, 2014. OSY: Osyczka, Kundu, 1995.

import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { FrontOutcome, FrontProblem } from "./problem.js";

type Vector = readonly number[];

/** Number of parameters of the problems that may have any. */
const DIMENSIONS = 6;
const UNIT: readonly [number, number] = [0, 1];

function onCube(
  part: Pick<FrontProblem, "objectives" | "reference" | "description">,
  f: (x: Vector) => Vector,
  c: (f: Vector) => Vector = () => [],
): FrontProblem {
  const names = Array.from({ length: DIMENSIONS }, (_, i) => `x${i}`);
  return {
    ...part,
    ranges: Object.fromEntries(names.map((name) => [name, UNIT])),
    constraints: c(part.reference).length,
    evaluate(values) {
      const objectives = f(names.map((name) => values[name] as number));
      return { objectives, constraints: c(objectives) };
    },
  };
}

/** Returns ZDT's two objectives: x_0, and g h(x_0, g) with g from 1 to 10. */
function zdt(h: (first: number, g: number) => number): (x: Vector) => Vector {
  return ([first = 0, ...others]) => {
    const g = 1 + (9 * others.reduce((sum, x) => sum + x, 0)) / others.length;
    return [first, g * h(first, g)];
  };
}

/** Returns DTLZ2's m objectives, whose front is the unit sphere's positive part. */
function dtlz2(m: number): (x: Vector) => Vector {
  return (x) => {
    const g = x.slice(m - 1).reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
    const angles = x.slice(0, m - 1).map((value) => (value * Math.PI) / 2);
    return Array.from({ length: m }, (_, i) => {
      const cosines = angles.slice(0, m - 1 - i).reduce((product, angle) => product * Math.cos(angle), 1 + g);
      return i === 0 ? cosines : cosines * Math.sin(angles[m - 1 - i] as number);
    });
  };
}

/** Radius of the feasible spheres of C2-DTLZ2 with two objectives. */
const C2_RADIUS = 0.2;

/** Returns C2-DTLZ2's constraint: the point lies in one of several spheres. */
function c2(f: Vector): Vector {
  const m = f.length;
  const square = (centre: (i: number) => number) => f.reduce((sum, value, i) => sum + (value - centre(i)) ** 2, 0);
  const corners = f.map((_, j) => square((i) => (i === j ? 1 : 0)) - C2_RADIUS ** 2);
  return [Math.min(...corners, square(() => 1 / Math.sqrt(m)) - C2_RADIUS ** 2)];
}

const OSY_RANGES = { x1: [0, 10], x2: [0, 10], x3: [1, 5], x4: [0, 6], x5: [1, 5], x6: [0, 10] } as const;

function osy(values: ParameterValues): FrontOutcome {
  const x = [0, ...Object.keys(OSY_RANGES).map((name) => values[name] as number)];
  const [x1, x2, x3, x4, x5, x6] = x.slice(1) as [number, number, number, number, number, number];
  const f1 = -(25 * (x1 - 2) ** 2 + (x2 - 2) ** 2 + (x3 - 1) ** 2 + (x4 - 4) ** 2 + (x5 - 1) ** 2);
  const margins = [
    x1 + x2 - 2,
    6 - x1 - x2,
    2 - x2 + x1,
    2 - x1 + 3 * x2,
    4 - (x3 - 3) ** 2 - x4,
    (x5 - 3) ** 2 + x6 - 4,
  ];
  return { objectives: [f1, x.reduce((sum, value) => sum + value * value, 0)], constraints: margins.map((m) => -m) };
}

/** The functions by name. */
export const FRONT_FUNCTIONS: Readonly<Record<string, FrontProblem>> = {
  zdt1: onCube(
    { objectives: 2, reference: [1.1, 1.1], description: "a convex front" },
    zdt((first, g) => 1 - Math.sqrt(first / g)),
  ),
  zdt2: onCube(
    { objectives: 2, reference: [1.1, 1.1], description: "a concave front" },
    zdt((first, g) => 1 - (first / g) ** 2),
  ),
  zdt3: onCube(
    { objectives: 2, reference: [1.1, 1.1], description: "a front of five pieces" },
    zdt((first, g) => 1 - Math.sqrt(first / g) - (first / g) * Math.sin(10 * Math.PI * first)),
  ),
  dtlz2: onCube({ objectives: 3, reference: [1.1, 1.1, 1.1], description: "an eighth of a sphere" }, dtlz2(3)),
  c2dtlz2: onCube(
    { objectives: 2, reference: [1.1, 1.1], description: "three feasible arcs of a quarter of a circle" },
    dtlz2(2),
    c2,
  ),
  osy: {
    ranges: OSY_RANGES,
    objectives: 2,
    constraints: 6,
    reference: [-75, 75],
    description: "six constraints, a thirtieth of the space feasible",
    evaluate: osy,
  },
};
