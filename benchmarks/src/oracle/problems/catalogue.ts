import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";
import { FUNCTIONS, problemOf } from "../functions.js";
import { layers, learners } from "./conditional.js";
import { FURTHER_FUNCTIONS } from "./further-functions.js";
import { budgeted, crashing, diverging, island, outliers, pruned, unlucky } from "./limited.js";
import { lattice, namedHills, names, switches, training } from "./mixed.js";
import type { Problem } from "./problem.js";
import { wide15, wide20 } from "./wide.js";

/** Problems that are more than a function of a box, by name: each another one for each seed. */
const SPACES: Readonly<Record<string, (random: Random) => Problem>> = {
  training,
  namedHills,
  lattice,
  switches,
  names,
  learners,
  layers,
  budgeted,
  diverging,
  island,
  unlucky,
  crashing,
  pruned,
  outliers,
  wide15,
  wide20,
};

/** Names of the functions of numbers in a box. */
export const FUNCTION_NAMES: readonly string[] = [...Object.keys(FUNCTIONS), ...Object.keys(FURTHER_FUNCTIONS)];

/** Names of the problems that are more than that. They have a place for their minimum drawn anyway. */
export const SPACE_NAMES: readonly string[] = Object.keys(SPACES);

/**
 * A problem by its name.
 *
 * @param seed - of the study: decides where the minimum lies
 * @param shift - whether a function is moved at all
 * @throws {RangeError} if no problem has the name
 */
export function problemNamed(name: string, seed: number, shift: boolean): Problem {
  const space = SPACES[name];
  if (space !== undefined) return space(createRandom(deriveSeed(seed, "problem", name)));
  const testFunction = FUNCTIONS[name] ?? FURTHER_FUNCTIONS[name];
  if (testFunction === undefined) throw new RangeError(`no problem has the name ${name}`);
  return problemOf(testFunction, shift ? seed : undefined);
}
