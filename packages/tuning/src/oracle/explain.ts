import type { OracleName, OracleSettings } from "../spec/study-spec.js";
import { explainBayesian } from "./bayesian/explanation.js";
import type { Explainer, Explanation } from "./contract/explanation.js";
import type { SuggestionRequest } from "./contract/oracle.js";
import { explainGrid } from "./grid/grid-oracle.js";
import { explainKerasTuner } from "./keras-tuner/explanation.js";
import { explainQuasiRandom } from "./quasi-random/quasi-random-oracle.js";
import { explainRandom } from "./random/random-oracle.js";

const EXPLAINERS: Readonly<Record<OracleName, (settings: OracleSettings) => Explainer>> = {
  bayesian: () => explainBayesian,
  random: () => explainRandom,
  "quasi-random": () => explainQuasiRandom,
  grid: () => explainGrid,
  "keras-tuner": ({ faithful = false }) => explainKerasTuner(faithful),
};

/** Computes what the oracle of these settings suggests for a request, and why. */
export function explainSuggestion(settings: OracleSettings, request: SuggestionRequest): Explanation | "exhausted" {
  return EXPLAINERS[settings.type](settings)(request);
}
