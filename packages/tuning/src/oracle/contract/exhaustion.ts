import { isContinuous } from "../../space/discrete.js";
import type { SearchSpace } from "../../space/parameter.js";
import type { OracleSettings } from "../../spec/study-spec.js";

/** The parts of a spec that explain why an oracle has no further point. */
interface Searched {
  readonly parameters: SearchSpace;
  readonly constraints?: readonly string[];
  readonly oracle: OracleSettings;
}

/**
 * Says that an oracle has no further point and what to do, as the end of a sentence that begins
 * with "the oracle". Under constraints no point was found; without them, none is left.
 *
 * @param made - number of points that it has suggested
 * @param counts - the same and more, for people
 */
export function noPointLeft({ parameters, constraints = [], oracle }: Searched, made: number, counts: string): string {
  const isSearched = constraints.length > 0;
  const further = made === 0 ? "no point" : "no further point";
  const found = isSearched ? `found ${further} that fulfils the constraints` : "has no point left";
  return `${oracle.type} ${found} (${counts}); ${adviceFor(parameters, oracle, isSearched)}`;
}

function adviceFor(parameters: SearchSpace, { type }: OracleSettings, isConstrained: boolean): string {
  const continuous = Object.keys(parameters).filter((name) => isContinuous(parameters[name] as SearchSpace[string]));
  const isCoarse = type === "grid" && continuous.length > 0;
  const relax = isConstrained ? "relax the constraints, widen the parameters" : "widen the parameters";
  if (!isCoarse) return `${relax}, or choose another oracle`;
  return `a grid has 10 values of ${continuous.join(", ")}: give a step for more, ${relax}, or choose another oracle`;
}
