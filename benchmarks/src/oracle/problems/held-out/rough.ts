// Functions without smoothness, and regions with borders. The seed of the study determines the
// minimiser.

import type { Random } from "@sintonia/tuning/random/random";
import { constraintsOf } from "@sintonia/tuning/space/constraint/parse";
import type { ParameterValues, SearchSpace } from "@sintonia/tuning/space/parameter";
import type { Problem } from "../definition/problem.js";

const UNIT = { type: "double", min: 0, max: 1, scale: "linear" } as const;

/**
 * To be maximised: a narrow hill at an edge of the cube, and a wide hill of half the height in the
 * middle.
 */
export function corner(random: Random): Problem {
  const peak = [random.integer(2), random.integer(2), 0.2 + 0.6 * random.uniform()];
  const middle = peak.map((place) => 0.5 + 0.4 * (0.5 - place) + 0.1 * random.normal());
  const regret: Problem["regret"] = (values) => {
    const x = numbersOf(values, 3);
    return Math.min(12 * squareBetween(x, peak), 0.5 + squareBetween(x, middle));
  };
  return {
    goal: "maximize",
    space: unitCube(3),
    regret,
    outcome: (v) => ({ state: "completed", objective: 3 - regret(v) }),
  };
}

/** A bowl with ten to twenty flat steps, on which most neighbours have equal values. */
export function plateau(random: Random): Problem {
  const bottom = placesOf(4, random);
  const weights = [1, 0.5, 2, 1];
  return {
    space: unitCube(4),
    regret: (values) => {
      const square = numbersOf(values, 4).reduce(
        (sum, x, i) => sum + (weights[i] as number) * (x - (bottom[i] as number)) ** 2,
        0,
      );
      return Math.floor(12 * Math.sqrt(square)) / 12;
    },
  };
}

/** A slope that decreases to a slanted edge, where the value jumps by more than the decrease. */
export function cliff(random: Random): Problem {
  const best = placesOf(3, random);
  return {
    space: unitCube(3),
    regret: (values) => {
      const [x, y, z] = numbersOf(values, 3).map((place, i) => place - (best[i] as number)) as [number, number, number];
      const beyond = x + 0.5 * y - 0.3 * z;
      return 2 * y * y + 3 * z * z + (beyond > 0 ? 1.5 + 0.5 * beyond : -1.5 * beyond);
    },
  };
}

/** A ring in two of three parameters is feasible; the minimum lies on its inner border. */
export function ring(random: Random): Problem {
  const middle = [0.4 + 0.2 * random.uniform(), 0.4 + 0.2 * random.uniform()] as const;
  const [radius, width] = [0.25 + 0.1 * random.uniform(), 0.1];
  const [angle, height] = [2 * Math.PI * random.uniform(), 0.2 + 0.6 * random.uniform()];
  const polar = (values: ParameterValues) => {
    const [x, y, z] = numbersOf(values, 3) as [number, number, number];
    const [dx, dy] = [x - middle[0], y - middle[1]];
    return { off: Math.hypot(dx, dy) - radius, turned: Math.atan2(dy, dx) - angle, above: z - height };
  };
  const regret: Problem["regret"] = (values) => {
    const { off, turned, above } = polar(values);
    return 2 * off + 1 - Math.cos(turned) + 2 * above * above;
  };
  return {
    space: unitCube(3),
    // Points inside the ring have no value.
    regret: (values) => Math.max(0, regret(values)),
    outcome: (values) => {
      const { off } = polar(values);
      return off < 0 || off > width ? { state: "infeasible" } : { state: "completed", objective: regret(values) };
    },
  };
}

const SHARED: SearchSpace = {
  low: { type: "double", min: 0, max: 100, scale: "linear" },
  high: { type: "double", min: 0, max: 100, scale: "linear" },
  workers: { type: "integer", min: 1, max: 32, scale: "linear", step: 1 },
  memory: { type: "integer", min: 4, max: 128, scale: "linear", step: 4 },
};

/**
 * An ordered pair, and a limited sum of two other parameters. Both constraints are active at the
 * minimum.
 */
export function shared(random: Random): Problem {
  const place = 20 + 60 * random.uniform();
  const workers = 4 + random.integer(20);
  const memory = 4 * (5 + random.integer(20));
  const limit = 4 * workers + memory;
  return {
    space: SHARED,
    constraints: constraintsOf(["low <= high", `4 * workers + memory <= ${limit}`]),
    regret: (values) => {
      const [low, high, w, m] = ["low", "high", "workers", "memory"].map((name) => values[name] as number) as [
        number,
        number,
        number,
        number,
      ];
      const spare = (limit - 4 * w - m) / 50;
      return (high - low) / 20 + ((low + high) / 2 - place) ** 2 / 500 + spare + (w - workers) ** 2 / 50;
    },
  };
}

function unitCube(d: number): SearchSpace {
  return Object.fromEntries(Array.from({ length: d }, (_, i) => [`x${i}`, UNIT]));
}

/** Returns a random place outside the outer tenths of a range. */
function placesOf(d: number, random: Random): number[] {
  return Array.from({ length: d }, () => 0.1 + 0.8 * random.uniform());
}

function numbersOf(values: ParameterValues, d: number): number[] {
  return Array.from({ length: d }, (_, i) => values[`x${i}`] as number);
}

function squareBetween(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, xi, i) => sum + (xi - (y[i] as number)) ** 2, 0);
}
