import { createRandom, deriveSeed } from "../../random/random.js";
import { sampleValues } from "../../space/sampling.js";
import type { Oracle } from "../oracle.js";
import { seenValues } from "../seen-values.js";

/** Draws before the rest of a nearly used-up space is searched in order. */
const DRAWS_MAX = 100;

/** Draws every parameter on its own by its scale. Repeats earlier values only if no others are left. */
export const randomOracle: Oracle = (request) => {
  const random = createRandom(deriveSeed(request.seed, "random-oracle", request.trialNumber));
  const seen = seenValues(request);
  let values = sampleValues(request.space, random);
  for (let draw = 1; draw < DRAWS_MAX && seen.has(values); draw++) values = sampleValues(request.space, random);
  if (seen.has(values)) values = seen.findUnseen(random) ?? values;
  return { values, source: "random" };
};
