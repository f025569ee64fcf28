import { createRandom, deriveSeed } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import { surrogateOf } from "./surrogate.js";

/** Trials whose expectation is compared: so many best ones by what was measured. */
const COMPARED_MAX = 32;

/**
 * The completed trial whose expected objective is best: the best measured one is partly luck.
 *
 * @returns its place among the completed trials; undefined if there are none or no process can be computed with
 */
export function recommendedTrial(request: SuggestionRequest): number | undefined {
  const design = designSpace(request.space);
  const { completed, goal, seed } = request;
  if (completed.length < 2 || design.dimensions.length === 0) return completed.length === 1 ? 0 : undefined;
  const random = createRandom(deriveSeed(seed, "recommendation"));
  const surrogate = surrogateOf({ ...request, pending: [] }, design, random);
  if (surrogate === undefined) return undefined;
  const sign = goal === "maximize" ? -1 : 1;
  const expectations = completed
    .map(({ values, objective }, trial) => ({ trial, values, objective }))
    .sort((a, b) => sign * (a.objective < b.objective ? -1 : Number(a.objective > b.objective)))
    .slice(0, COMPARED_MAX)
    .map(({ trial, values }) => ({ trial, mean: surrogate.posterior.predict(design.encode(values)).mean }));
  return expectations.reduce((best, other) => (other.mean > best.mean ? other : best)).trial;
}
