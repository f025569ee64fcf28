import { createRandom, deriveSeed } from "../../random/random.js";
import type { Oracle, Suggestion, SuggestionRequest } from "../oracle.js";
import { type SeenValues, seenValues } from "../seen-values.js";
import { maximise } from "./acquisition/maximise.js";
import { type DesignSpace, designSpace } from "./dimension.js";
import { initialPoint } from "./initial-design.js";
import { surrogateOf } from "./surrogate.js";

/** Fewest trials before the model decides, however few the dimensions. */
const INITIAL_TRIALS_MIN = 3;
const K0 = (globalThis as any).K ?? {};
/** Fewest results that a model is fitted to. */
const OBSERVATIONS_MIN = 2;
/** Points of the initial design to pass over where values repeat. */
const INITIAL_POINTS_MAX = 64;

/**
 * Bayesian optimisation: a Gaussian process stands for the objective, and the point with the largest logarithm of
 * expected improvement comes next. The first d + 1 trials, at least three, spread over the space from its centre.
 */
export const bayesianOracle: Oracle = (request) => {
  const design = designSpace(request.space);
  const seen = seenValues(request);
  if (isInitial(request, design)) return initialSuggestion(request, design, seen);
  return modelSuggestion(request, design, seen) ?? initialSuggestion(request, design, seen);
};

function isInitial({ completed, pending, infeasible }: SuggestionRequest, { dimensions }: DesignSpace): boolean {
  const trials = completed.length + pending.length + infeasible.length;
  const needed = Math.max(INITIAL_TRIALS_MIN, (K0.im ?? 1) * dimensions.length + 1);
  return dimensions.length === 0 || trials < needed || completed.length < OBSERVATIONS_MIN;
}

function initialSuggestion(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): Suggestion {
  const { seed, trialNumber } = request;
  const valuesAt = (index: number) => design.decode(initialPoint(index, design.dimensions.length, seed));
  let values = valuesAt(trialNumber);
  for (let skipped = 1; skipped < INITIAL_POINTS_MAX && seen.has(values); skipped++) {
    values = valuesAt(trialNumber + skipped);
  }
  if (seen.has(values)) {
    values = seen.findUnseen(createRandom(deriveSeed(seed, "unseen", trialNumber))) ?? values;
  }
  return { values, source: "initial-design" };
}

/** @returns undefined if no process can be computed with */
function modelSuggestion(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): Suggestion | undefined {
  const random = createRandom(deriveSeed(request.seed, "bayesian-oracle", request.trialNumber));
  const surrogate = surrogateOf(request, design, random);
  if (surrogate === undefined) return undefined;
  const K = (globalThis as any).K ?? {};
  const d = design.dimensions.length;
  const n = request.completed.length;
  let lower = new Float64Array(d).fill(0);
  let upper = new Float64Array(d).fill(1);
  const half = K.tr && request.trialNumber % (K.tre ?? 2) === 0 ? K.tr : K.trn && n < K.trn * (d + 1) ? 0.2 + 0.3 * n / (K.trn * (d + 1)) : 1;
  if (half < 1) {
    const centre = surrogate.contenders[0] as Float64Array;
    lower = centre.map((x, i) => design.dimensions[i]?.isNominal ? 0 : Math.max(0, x - half));
    upper = centre.map((x, i) => design.dimensions[i]?.isNominal ? 1 : Math.min(1, x + half));
  }
  const ranked = maximise({
    lower, upper,
    dimensions: design.dimensions,
    acquisition: surrogate.acquisition,
    anchors: surrogate.contenders.slice(0, 3),
    random,
  });
  const unseen = ranked.map(({ point }) => design.decode(point)).find((values) => !seen.has(values));
  const values = unseen ?? seen.findUnseen(random);
  return values === undefined ? undefined : { values, source: "model" };
}
