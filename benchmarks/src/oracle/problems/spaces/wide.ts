// Spaces of many parameters, of which a few have an effect.

import type { Random } from "@sintonia/tuning/random/random";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import type { Problem } from "../definition/problem.js";
import { shuffled } from "../definition/shuffled.js";
import { problemOf, type TestFunction } from "../definition/test-function.js";
import { FUNCTIONS } from "../functions/functions.js";

/** Levy's function of four parameters, shifted, and eleven parameters without effect. */
export function wide15(random: Random): Problem {
  return widened("levy4", 15, random);
}

/** Hartmann's function of six parameters, shifted, and fourteen parameters without effect. */
export function wide20(random: Random): Problem {
  return widened("hartmann6", 20, random);
}

function widened(name: string, d: number, random: Random): Problem {
  const { space, regret } = problemOf(FUNCTIONS[name] as TestFunction, random.integer(2 ** 32));
  const inner = Object.entries(space);
  const places = shuffled([...new Array(d).keys()], random);
  const nameAt = (i: number) => `p${places[i]}`;
  // All parameters of one function have the same domain.
  const domain = space["x0"] as SearchSpace[string];
  return {
    space: Object.fromEntries(Array.from({ length: d }, (_, i) => [nameAt(i), domain])),
    regret: (values) => regret(Object.fromEntries(inner.map(([key], i) => [key, values[nameAt(i)] as number]))),
  };
}
