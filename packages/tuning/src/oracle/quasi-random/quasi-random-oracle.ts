import { sobolSequence } from "../../numeric/sobol.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import { cardinality } from "../../space/discrete.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { valuesAt } from "../../space/point.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import type { Explanation } from "../contract/explanation.js";
import { explainingOracle } from "../contract/oracle.js";
import { type SeenValues, seenValues } from "../contract/seen-values.js";
import { type SuggestionRequest, suggestionIndexOf } from "../contract/suggestion.js";

/**
 * Mean number of terms per trial that may be passed over before the region counts as too small for
 * the sequence. A region of 1/50 of the space contains one of 100 terms almost surely.
 */
const TERMS_PER_TRIAL = 100;

/**
 * Suggests the terms of a scrambled Sobol sequence in order. Any first terms fill the space more
 * evenly than random points. Terms that break a constraint or repeat a trial are passed over.
 */
export const quasiRandomOracle = explainingOracle(explain);

/**
 * Explains a suggestion by the index of its term, unless the region was too small for the sequence.
 */
function explain(request: SuggestionRequest): Explanation | "exhausted" {
  const seen = seenValues(request);
  const next = nextTerm(request, seen);
  if (next !== undefined) {
    return { suggestion: { values: next.values, source: "quasi-random" }, place: { index: next.index } };
  }
  const values = seen.findUnseen(randomOf(request)) ?? lastResort(request);
  return values === undefined ? "exhausted" : { suggestion: { values, source: "quasi-random" } };
}

/** A term of the sequence as parameter values. */
interface Term {
  readonly index: number;
  readonly values: ParameterValues;
}

/**
 * Finds the first unseen term from the suggestion's own index on; earlier suggestions may have
 * taken later terms.
 */
function nextTerm(request: SuggestionRequest, seen: SeenValues): Term | undefined {
  const first = suggestionIndexOf(request);
  const last = first + TERMS_PER_TRIAL * (first + 1);
  const term = termsOf(request);
  for (let index = first; index <= last; index++) {
    const values = term(index);
    if (!seen.has(values)) return { index, values };
  }
  return undefined;
}

/** Returns the terms as parameter values. Parameters with a single value have no dimension. */
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
