import type { OracleName } from "../spec/study-spec.js";
import { bayesianOracle } from "./bayesian/bayesian-oracle.js";
import type { Oracle } from "./oracle.js";
import { randomOracle } from "./random/random-oracle.js";

const ORACLES: Readonly<Record<OracleName, Oracle>> = { bayesian: bayesianOracle, random: randomOracle };

/** The oracle of a name. */
export function createOracle(name: OracleName): Oracle {
  return ORACLES[name];
}
