import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { Problem } from "./problem.js";

/** A function to minimise, with its domain. */
export interface TestFunction {
  /** Bounds of each coordinate. */
  readonly domain: readonly (readonly [min: number, max: number])[];
  readonly minimum: number;
  /** A point at which the function has its minimum. */
  readonly minimiser: readonly number[];
  readonly value: (x: readonly number[]) => number;
}

/**
 * Central share of each axis that contains a shifted minimiser. Without it the minimiser would
 * often lie near a corner.
 */
const SHIFTED_WITHIN = 0.8;

/**
 * Returns a function as a problem.
 *
 * @param shiftSeed - if given, moves the function so that its minimiser is a random point of the
 *   domain's middle
 */
export function problemOf({ domain, minimum, minimiser, value }: TestFunction, shiftSeed?: number): Problem {
  const shift = shiftSeed === undefined ? domain.map(() => 0) : randomShift({ domain, minimiser }, shiftSeed);
  const names = domain.map((_, i) => `x${i}`);
  return {
    space: Object.fromEntries(domain.map(([min, max], i) => [`x${i}`, { type: "double", min, max, scale: "linear" }])),
    regret: (values) => value(names.map((name, i) => (values[name] as number) - (shift[i] as number))) - minimum,
  };
}

function randomShift({ domain, minimiser }: Pick<TestFunction, "domain" | "minimiser">, seed: number): number[] {
  const random = createRandom(deriveSeed(seed, "shift"));
  return domain.map(([min, max], i) => {
    const place = 0.5 + SHIFTED_WITHIN * (random.uniform() - 0.5);
    return min + place * (max - min) - (minimiser[i] as number);
  });
}
