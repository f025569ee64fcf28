import type { SuggestionRequest } from "../oracle.js";
import { beliefsAt } from "./belief.js";

/**
 * The completed trial whose expected objective is best, for the best measured one is partly luck; the best measured one
 * where there are too few for a model.
 *
 * @returns its place among the completed trials; undefined if there are none
 */
export function recommendedTrial(request: SuggestionRequest): number | undefined {
  const { completed, goal } = request;
  if (completed.length === 0) return undefined;
  const values = completed.map((observation) => observation.values);
  const expected = beliefsAt(request, values)?.map(({ mean }) => mean) ?? completed.map(({ objective }) => objective);
  return expected.indexOf(goal === "maximize" ? Math.max(...expected) : Math.min(...expected));
}
