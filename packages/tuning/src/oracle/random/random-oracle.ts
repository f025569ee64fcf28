import { createRandom, deriveSeed } from "../../random/random.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import type { Explainer } from "../contract/explanation.js";
import type { Oracle } from "../contract/oracle.js";
import { seenValues } from "../contract/seen-values.js";

/** Draws before the rest of a nearly used-up space is searched in order. */
const DRAWS_MAX = 100;

/** Draws every parameter on its own by its scale. Repeats earlier values only if no others are left. */
export const randomOracle: Oracle = (request) => {
  const random = createRandom(deriveSeed(request.seed, "random-oracle", request.trialNumber));
  const seen = seenValues(request);
  let values = sampleRegion(request, random);
  for (let draw = 1; draw < DRAWS_MAX && values !== undefined && seen.has(values); draw++) {
    values = sampleRegion(request, random);
  }
  if (values !== undefined && seen.has(values)) values = seen.findUnseen(random) ?? values;
  return values === undefined ? "exhausted" : { values, source: "random" };
};

/** Names the draw: each trial has one of its own. */
export const explainRandom: Explainer = (request) => {
  const suggestion = randomOracle(request);
  return suggestion === "exhausted" ? suggestion : { suggestion, place: { index: request.trialNumber } };
};
