import { isContinuous } from "../../space/discrete.js";
import type { Parameter, ParameterValue, ParameterValues } from "../../space/parameter.js";
import { allValues, freshBudget, type Levels, pointsOf, valuesFrom } from "../../space/sampling/enumeration.js";
import { valueAt } from "../../space/unit-cube.js";
import { valuesKey } from "../../space/values-key.js";
import type { Explanation } from "../contract/explanation.js";
import { explainingOracle } from "../contract/oracle.js";
import { usedKeys } from "../contract/seen-values.js";
import { type SuggestionRequest, suggestionIndexOf } from "../contract/suggestion.js";

/**
 * Grid values of a continuous parameter: the midpoints of 10 equal parts of its scale. KerasTuner
 * has 10 too.
 */
export const CONTINUOUS_LEVELS = 10;

/** Additional work of the enumeration for each used point that it passes over. */
const WORK_PER_USED_POINT = 500;

/**
 * Goes through a grid in order, the last parameter fastest, and is exhausted after its last point.
 * Each suggestion goes on after the latest one. Exhausted, too, if the constraints leave no point
 * within the work of one enumeration.
 */
export const gridOracle = explainingOracle(explain);

/**
 * Explains a suggestion by its index in the grid, without the points before the latest suggestion
 * that others used.
 */
function explain(request: SuggestionRequest): Explanation | "exhausted" {
  const { space } = request;
  const used = usedKeys(request);
  const budget = { left: freshBudget().left + used.size * WORK_PER_USED_POINT };
  let index = request.latestSuggestion === undefined ? 0 : suggestionIndexOf(request) - 1;
  for (const values of pointsOf(request, levelsFromLatest(request), budget)) {
    if (!used.has(valuesKey(space, values))) return { suggestion: { values, source: "grid" }, place: { index } };
    index++;
  }
  return "exhausted";
}

/** Returns the levels of the grid from the latest suggestion on. */
function levelsFromLatest({ space, latestSuggestion }: SuggestionRequest): Levels {
  return (name, { values, interval }) => {
    const parameter = space[name] as Parameter;
    const from = isPrefix(values, latestSuggestion) ? latestSuggestion?.[name] : undefined;
    if (isContinuous(parameter)) return continuousLevels(parameter, from);
    return from === undefined ? allValues(parameter, 0, interval) : valuesFrom(parameter, from, interval);
  };
}

/** Returns true if values begin a path to the latest suggestion. */
function isPrefix(values: ParameterValues, latest: ParameterValues | undefined): boolean {
  return latest !== undefined && Object.entries(values).every(([name, value]) => latest[name] === value);
}

function continuousLevels(parameter: Parameter, from: ParameterValue | undefined): readonly ParameterValue[] {
  const levels = Array.from({ length: CONTINUOUS_LEVELS }, (_, i) => valueAt(parameter, (i + 0.5) / CONTINUOUS_LEVELS));
  return levels.slice(from === undefined ? 0 : Math.max(0, levels.indexOf(from)));
}
