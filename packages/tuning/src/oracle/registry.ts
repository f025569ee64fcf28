import type { OracleName, OracleSettings } from "../spec/study-spec.js";
import { bayesianOracle } from "./bayesian/bayesian-oracle.js";
import type { Oracle } from "./contract/oracle.js";
import { gridOracle } from "./grid/grid-oracle.js";
import { kerasTunerOracle } from "./keras-tuner/keras-tuner-oracle.js";
import { quasiRandomOracle } from "./quasi-random/quasi-random-oracle.js";
import { randomOracle } from "./random/random-oracle.js";

/** Every oracle. A new one needs an entry here and in `ORACLE_NAMES` of the spec's schema. */
const ORACLES: Readonly<Record<OracleName, (settings: OracleSettings) => Oracle>> = {
  bayesian: () => bayesianOracle,
  random: () => randomOracle,
  "quasi-random": () => quasiRandomOracle,
  grid: () => gridOracle,
  "keras-tuner": ({ faithful = false }) => kerasTunerOracle(faithful),
};

/** Returns the oracle of a spec's settings. */
export function createOracle(settings: OracleSettings): Oracle {
  return ORACLES[settings.type](settings);
}
