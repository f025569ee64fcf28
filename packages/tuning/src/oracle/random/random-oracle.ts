import { createRandom, deriveSeed } from "../../random/random.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import type { Explanation } from "../contract/explanation.js";
import type { Oracle } from "../contract/oracle.js";
import { seenValues } from "../contract/seen-values.js";
import { type SuggestionRequest, type SuggestionResult, suggestionIndexOf } from "../contract/suggestion.js";

/** Most draws for one trial. A space with few unseen points is enumerated afterwards. */
const DRAWS_MAX = 100;

/**
 * Draws every parameter independently, uniformly on its scale. Repeats values only if no others are
 * left.
 */
export const randomOracle: Oracle = { suggest, explain };

function suggest(request: SuggestionRequest): SuggestionResult {
  const random = createRandom(deriveSeed(request.seed, "random-oracle", request.trialNumber));
  const seen = seenValues(request);
  let values = sampleRegion(request, random);
  for (let draw = 1; draw < DRAWS_MAX && values !== undefined && seen.has(values); draw++) {
    values = sampleRegion(request, random);
  }
  if (values !== undefined && seen.has(values)) values = seen.findUnseen(random) ?? values;
  return values === undefined ? "exhausted" : { values, source: "random" };
}

/** Explains a suggestion by its index among the oracle's draws. */
function explain(request: SuggestionRequest): Explanation | "exhausted" {
  const suggestion = suggest(request);
  return suggestion === "exhausted" ? suggestion : { suggestion, place: { index: suggestionIndexOf(request) } };
}
