import { createRandom, deriveSeed } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import { surrogateOf } from "./surrogate.js";

/**
 * The completed trial whose expected objective is best: the best measured one is partly luck.
 *
 * @returns its place among the completed trials; undefined if there are none or no process can be computed with
 */
export function recommendedTrial(request: SuggestionRequest): number | undefined {
  const design = designSpace(request.space);
  const { completed, seed } = request;
  if (completed.length < 2 || design.dimensions.length === 0) return completed.length === 1 ? 0 : undefined;
  const random = createRandom(deriveSeed(seed, "recommendation"));
  const surrogate = surrogateOf({ ...request, pending: [] }, design, random);
  if (surrogate === undefined) return undefined;
  const means = completed.map(({ values }) => surrogate.posterior.predict(design.encode(values)).mean);
  return means.indexOf(Math.max(...means));
}
