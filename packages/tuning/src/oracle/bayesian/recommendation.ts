import type { SuggestionRequest } from "../oracle.js";
import { beliefsAt } from "./belief.js";

/**
 * The completed trial whose expected objective is best: the best measured one is partly luck.
 *
 * @returns its place among the completed trials; undefined if there are too few for a model or none can be computed with
 */
export function recommendedTrial(request: SuggestionRequest): number | undefined {
  const values = request.completed.map((observation) => observation.values);
  const means = beliefsAt(request, values)?.map(({ mean }) => (request.goal === "maximize" ? mean : -mean));
  return means?.indexOf(Math.max(...means));
}
