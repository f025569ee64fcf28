import { isContinuous } from "../../space/discrete.js";
import type { Parameter, ParameterValue } from "../../space/parameter.js";
import { allValues, pointsOf } from "../../space/sampling/enumeration.js";
import { valueAt } from "../../space/unit-cube.js";
import { valuesKey } from "../../space/values-key.js";
import type { Explanation } from "../contract/explanation.js";
import { explainingOracle } from "../contract/oracle.js";
import { usedKeys } from "../contract/seen-values.js";
import type { SuggestionRequest } from "../contract/suggestion.js";

/**
 * Grid values of a continuous parameter: the midpoints of 10 equal parts of its scale. KerasTuner
 * has 10 too.
 */
const CONTINUOUS_LEVELS = 10;

/**
 * Goes through a grid in order, the last parameter fastest, and is exhausted after its last point.
 */
export const gridOracle = explainingOracle(explain);

/** Explains a suggestion by its index in the grid. */
function explain(request: SuggestionRequest): Explanation | "exhausted" {
  const { space } = request;
  const used = usedKeys(request);
  let index = 0;
  for (const values of pointsOf(request, (name) => levelsOf(space[name] as Parameter))) {
    if (!used.has(valuesKey(space, values))) return { suggestion: { values, source: "grid" }, place: { index } };
    index++;
  }
  return "exhausted";
}

function levelsOf(parameter: Parameter): Iterable<ParameterValue> {
  if (!isContinuous(parameter)) return allValues(parameter);
  return Array.from({ length: CONTINUOUS_LEVELS }, (_, i) => valueAt(parameter, (i + 0.5) / CONTINUOUS_LEVELS));
}
