import type { OracleName, OracleSettings } from "../spec/study-spec.js";
import { bayesianOracle, fidelityOracle } from "./bayesian/bayesian-oracle.js";
import type { Oracle } from "./contract/oracle.js";
import { defaultsFirst } from "./defaults-first.js";
import { gridOracle } from "./grid/grid-oracle.js";
import { kerasTunerOracle } from "./keras-tuner/keras-tuner-oracle.js";
import { quasiRandomOracle } from "./quasi-random/quasi-random-oracle.js";
import { randomOracle } from "./random/random-oracle.js";

/**
 * Every oracle. A new one needs an entry here and in `ORACLE_NAMES` of the spec's schema. Only
 * KerasTuner's original does not try the defaults.
 */
const ORACLES: Readonly<Record<OracleName, (settings: OracleSettings) => Oracle>> = {
  bayesian: ({ fidelity }) => defaultsFirst(fidelity === "epochs" ? fidelityOracle : bayesianOracle),
  random: () => defaultsFirst(randomOracle),
  "quasi-random": () => defaultsFirst(quasiRandomOracle),
  grid: () => defaultsFirst(gridOracle),
  "keras-tuner": ({ faithful = false }) =>
    faithful ? kerasTunerOracle(faithful) : defaultsFirst(kerasTunerOracle(faithful)),
};

/** Returns the oracle of a spec's settings. */
export function createOracle(settings: OracleSettings): Oracle {
  return ORACLES[settings.type](settings);
}
