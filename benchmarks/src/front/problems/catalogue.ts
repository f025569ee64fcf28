import { FRONT_FUNCTIONS } from "./functions.js";
import { networkProblem } from "./network.js";
import type { FrontProblem } from "./problem.js";

/** The problems by name. */
export const FRONT_PROBLEMS: Readonly<Record<string, FrontProblem>> = { ...FRONT_FUNCTIONS, network: networkProblem() };

/** Returns the problem of a name. */
export function frontProblem(name: string): FrontProblem {
  const problem = FRONT_PROBLEMS[name];
  if (problem === undefined) throw new Error(`no problem ${name}; there are ${Object.keys(FRONT_PROBLEMS).join(", ")}`);
  return problem;
}
