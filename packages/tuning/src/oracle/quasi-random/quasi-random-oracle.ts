import { createRandom, deriveSeed } from "../../random/random.js";
import { cardinality } from "../../space/discrete.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { valuesAt } from "../../space/point.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import type { Explainer } from "../contract/explanation.js";
import type { Oracle, SuggestionRequest } from "../contract/oracle.js";
import { type SeenValues, seenValues } from "../contract/seen-values.js";
import { sobolSequence } from "./sobol.js";

/**
 * Terms of the sequence that are passed over for each trial, on average, before the region counts as too small for it: the
 * sequence meets one of a fiftieth of the space almost surely.
 */
const TERMS_PER_TRIAL = 100;

/**
 * Takes one term of a scrambled Sobol sequence after the other: any first trials fill the space more evenly than random
 * ones. Terms that break a constraint or repeat a trial are passed over.
 */
export const quasiRandomOracle: Oracle = (request) => {
  const explanation = explainQuasiRandom(request);
  return explanation === "exhausted" ? explanation : explanation.suggestion;
};

/** Names the term of the sequence, unless the region was too small for it. */
export const explainQuasiRandom: Explainer = (request) => {
  const seen = seenValues(request);
  const next = nextTerm(request, seen);
  if (next !== undefined) {
    return { suggestion: { values: next.values, source: "quasi-random" }, place: { index: next.index } };
  }
  const values = seen.findUnseen(randomOf(request)) ?? lastResort(request);
  return values === undefined ? "exhausted" : { suggestion: { values, source: "quasi-random" } };
};

interface Term {
  readonly index: number;
  readonly values: ParameterValues;
}

/** Trials that passed terms over have moved on: the search starts at the trial's own number and goes past what they took. */
function nextTerm(request: SuggestionRequest, seen: SeenValues): Term | undefined {
  const { trialNumber } = request;
  const last = trialNumber + TERMS_PER_TRIAL * (trialNumber + 1);
  const term = termsOf(request);
  for (let index = trialNumber; index <= last; index++) {
    const values = term(index);
    if (!seen.has(values)) return { index, values };
  }
  return undefined;
}

/** Only parameters that can vary take a dimension. */
function termsOf({ space, seed }: SuggestionRequest): (index: number) => ParameterValues {
  const names = Object.keys(space);
  const free = names.filter((name) => cardinality(space[name] as SearchSpace[string]) > 1);
  const places = new Map(free.map((name, i) => [name, i]));
  const sequence = sobolSequence(free.length, deriveSeed(seed, "quasi-random-oracle"));
  return (index) => {
    const point = sequence.point(index);
    return valuesAt(
      space,
      names.map((name) => point[places.get(name) ?? -1] ?? 0.5),
    );
  };
}

function lastResort(request: SuggestionRequest): ParameterValues | undefined {
  return sampleRegion(request, randomOf(request));
}

function randomOf({ seed, trialNumber }: SuggestionRequest) {
  return createRandom(deriveSeed(seed, "quasi-random-oracle", trialNumber));
}
