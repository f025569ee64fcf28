import { createRandom, deriveSeed, type Random } from "@sintonia/tuning/random/random";
import type { Problem } from "./definition/problem.js";
import { problemOf } from "./definition/test-function.js";
import { FUNCTIONS } from "./functions/functions.js";
import { FURTHER_FUNCTIONS } from "./functions/further-functions.js";
import { HELD_OUT } from "./held-out/catalogue.js";
import { layers, learners } from "./spaces/conditional.js";
import { budgeted, crashing, diverging, island, outliers, pruned, unlucky } from "./spaces/limited.js";
import { edge, server } from "./spaces/lost.js";
import { lattice, namedHills, names, switches, training } from "./spaces/mixed.js";
import { wide15, wide20 } from "./spaces/wide.js";

/** Problems beyond functions of a box, by name. Each seed gives another instance. */
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

/** Problems of lost trials, which no page lists. */
const LOST: Readonly<Record<string, (random: Random) => Problem>> = { server, edge };

/** Names of the problems of lost trials. */
export const LOST_NAMES: readonly string[] = Object.keys(LOST);

/** Descriptions of these problems, in one line each. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  training:
    "rate, momentum, width, depth, activation and a switch of a network; flat far from the best rate, steep above it",
  namedHills: "two numbers and a name: Branin's function at another place and height for each of four names",
  lattice: "four parameters in steps, a rippled bowl over 33,957 points",
  switches: "Ackley's function of three numbers and five switches",
  names: "five lists of four names, with effects of names and of pairs; 1,024 points",
  learners: "one of four learners, each with two to four parameters of its own, nested",
  layers: "one to three layers with a size each, a rate and a share",
  budgeted: "four numbers whose sum is limited, the minimum on that edge, with ripples",
  diverging: "four tenths of the space are infeasible, and the best rate is next to the border",
  island: "over four fifths of the cube are infeasible",
  unlucky: "Hartmann 3, shifted; a fifth of the trials fails by chance",
  crashing: "Branin, shifted; a corner always fails",
  pruned: "Hartmann 6, shifted; trials of the flat parts, two thirds of all points, are pruned",
  outliers: "Hartmann 3, shifted; a tenth of the losses is ten thousand times the range",
  wide15: "Levy 4, shifted, among eleven parameters that do nothing",
  wide20: "Hartmann 6, shifted, among fourteen parameters that do nothing",
};

/** Names of functions of a box that are not on the regret page. */
export const FURTHER_NAMES: readonly string[] = Object.keys(FURTHER_FUNCTIONS);

/** Names of all functions of a box. */
export const FUNCTION_NAMES: readonly string[] = [...Object.keys(FUNCTIONS), ...FURTHER_NAMES];

/** Names of the problems beyond functions of a box. Their minimiser is always random. */
export const SPACE_NAMES: readonly string[] = Object.keys(SPACES);

/** Names of the held-out problems: no choice of the oracle depends on them. */
export const HELD_OUT_NAMES: readonly string[] = Object.keys(HELD_OUT);

/**
 * Returns a problem by name.
 *
 * @param seed - seed of the study; determines the minimiser
 * @param shift - true to move the minimiser of a function of a box
 * @throws {RangeError} if no problem has the name
 */
export function problemNamed(name: string, seed: number, shift: boolean): Problem {
  const space = SPACES[name] ?? LOST[name] ?? HELD_OUT[name]?.problem;
  if (space !== undefined) return space(createRandom(deriveSeed(seed, "problem", name)));
  const testFunction = FUNCTIONS[name] ?? FURTHER_FUNCTIONS[name];
  if (testFunction === undefined) throw new RangeError(`no problem has the name ${name}`);
  return problemOf(testFunction, shift ? seed : undefined);
}
