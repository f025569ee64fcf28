import type { Random } from "@sintonia/tuning/random/random";
import type { Problem } from "../definition/problem.js";
import { problemOf, type TestFunction } from "../definition/test-function.js";
import { SMOOTH_FUNCTIONS } from "./functions.js";
import { accuracy, blocks, ridge, sparse12, uneven } from "./noisy.js";
import { cliff, corner, plateau, ring, shared } from "./rough.js";
import { recipe, scales } from "./settings.js";

/** A problem that was written after the oracle, with a description in one line. */
interface HeldOut {
  readonly shows: string;
  readonly problem: (random: Random) => Problem;
}

const { sphere6, trid6, powell4, colville4 } = SMOOTH_FUNCTIONS;

/** The held-out problems by name. Each seed gives another instance. */
export const HELD_OUT: Readonly<Record<string, HeldOut>> = {
  sphere6: { shows: "the roundest bowl there is, in six dimensions, shifted", problem: shifted(sphere6) },
  trid6: { shows: "a long bowl across all six axes, shifted", problem: shifted(trid6) },
  powell4: { shows: "a valley that is flat to the fourth order along its floor, shifted", problem: shifted(powell4) },
  colville4: { shows: "two bent valleys that are tied to each other, shifted", problem: shifted(colville4) },
  corner: {
    shows: "to be maximised: a narrow hill at an edge of the cube, a wide one of lesser height in the middle",
    problem: corner,
  },
  plateau: { shows: "a bowl in flat steps: most neighbours have equal values", problem: plateau },
  cliff: { shows: "a slope down to a slanted edge, beyond which the loss jumps by more than it fell", problem: cliff },
  ring: { shows: "only a ring is feasible, and the minimum lies on its inner border", problem: ring },
  shared: {
    shows: "a pair in order and a budget for two integers; both constraints bind at the minimum",
    problem: shared,
  },
  recipe: {
    shows: "ordered and unordered lists, steps and a switch; what is best depends on the optimizer; 24,000 points",
    problem: recipe,
  },
  scales: {
    shows:
      "a bent valley over ranges from 1e-12 to 1e6 on all three scales, one parameter of no effect; " +
      "objectives in billionths",
    problem: scales,
  },
  ridge: {
    shows: "noisy: the best learning rate goes with the batch, a narrow ridge; decay and warm-up in steps beside it",
    problem: ridge,
  },
  blocks: {
    shows: "noisy: two switches of whole blocks, conditions two deep, nine parameters; a block may be better off",
    problem: blocks,
  },
  accuracy: {
    shows: "noisy, to be maximised: an accuracy of a thousand examples, in steps of 1/1000",
    problem: accuracy,
  },
  uneven: { shows: "noisy: a bent valley whose noise grows along it, from 0.01 to 0.5", problem: uneven },
  sparse12: { shows: "noisy: three parameters that matter among twelve", problem: sparse12 },
};

/** Returns a problem whose minimiser depends on the seed. */
function shifted(testFunction: TestFunction): (random: Random) => Problem {
  return (random) => problemOf(testFunction, random.integer(2 ** 32));
}
