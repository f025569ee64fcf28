// Importance of parameters: a functional analysis of variance of the surrogate's posterior median.
//
// Objectives worse than a cap count as the cap. Otherwise the bad regions of the space, whose
// objectives differ by orders of magnitude, would determine the result. The cap is the median over
// the space, so that half of the space counts, independently of the trials.
//
// Hutter, Hoos, Leyton-Brown, An Efficient Approach for Assessing Hyperparameter Importance, 2014.

import { mean } from "../numeric/vector.js";
import { scoreOf } from "../objective/goal.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { cardinality } from "../space/discrete.js";
import type { Parameter } from "../space/parameter.js";
import { pairDesign } from "./design.js";
import { type CoordinatePair, largestPairs, type PairImportance } from "./pairs.js";
import { type Share, shareOf } from "./share.js";
import { Sample, type SampledFunction, type SobolIndices } from "./sobol-indices.js";
import { cappedAt, inUnits, medianOf, type Surface, surfaceOf, unitOf } from "./surface.js";

/** Options of the analysis. */
export interface ImportanceOptions {
  /** If true, no cap applies: differences between objectives worse than the median count too. */
  readonly wholeSpace: boolean;
}

/** The shares of one parameter in the variance of the objective. */
interface ParameterImportance {
  /** Name of the parameter. */
  readonly parameter: string;
  /** First-order share: of the objective averaged over all other parameters. */
  readonly first: Share;
  /** Total share: of the parameter and all its interactions. */
  readonly total: Share;
}

/** The result of the analysis. */
export interface Importance {
  /** All parameters with more than one value, by falling total share. */
  readonly parameters: readonly ParameterImportance[];
  /** Largest interactions among the parameters with the largest total shares, by falling share. */
  readonly pairs: readonly PairImportance[];
  /** Number of completed trials in the request. */
  readonly observations: number;
  /** Standard deviation of the capped surface over the region, in units of the objective. */
  readonly sd: number;
  /**
   * Share N / (N + sd²) of noise in the variance of single measurements, in [0, 1]. N is the mean
   * noise variance over the points whose objective is not worse than the cap.
   */
  readonly noise: number;
  /** Objectives worse than this value count as this value; absent for the whole space. */
  readonly cap?: number;
}

/** Number of independent designs. The spread of their estimates gives the standard errors. */
const DESIGNS = 8;
/** Number of parameters whose interactions are estimated: 5 give 10 pairs. */
const PAIRED_MAX = 5;
/** Pairs of points per design. With 8 designs, the standard errors of shares are about 0.01. */
const PAIRS_PER_DESIGN = 256;

/**
 * Estimates the importance of every parameter that can vary, over the region of a request.
 *
 * @returns undefined if there are fewer than three completed trials, if no parameter varies, or if
 * the surrogate cannot be fitted
 */
export function importanceOf(request: SuggestionRequest, { wholeSpace }: ImportanceOptions): Importance | undefined {
  const fitted = surfaceOf(request);
  if (fitted === undefined) return undefined;
  const names = Object.keys(request.space).filter((name) => cardinality(request.space[name] as Parameter) > 1);
  const designs = Array.from({ length: DESIGNS }, (_, k) => pairDesign(names.length, PAIRS_PER_DESIGN, k));
  const points = designs.flatMap((pairs) => pairs.map(({ a }) => a));
  const unit = unitOf(fitted, points);
  const surface = inUnits(fitted, unit);
  const cap = wholeSpace ? undefined : medianOf(surface, points);
  const counted: SampledFunction = cap === undefined ? surface : cappedAt(surface, cap, request.goal);
  const samples = designs.map((pairs) => new Sample(counted, pairs));
  const indices = samples.map((sample) => sample.indices());
  const variance = mean(samples.map((sample) => sample.variance));
  const parameters = parameterShares(indices, names);
  return {
    parameters,
    pairs: largestPairs(samples, indices, pairsOf(names, parameters)),
    observations: request.completed.length,
    sd: Math.sqrt(variance) * unit,
    noise: noiseShare(variance, noiseVariance(surface, points, { cap, goal: request.goal })),
    ...(cap === undefined ? {} : { cap: cap * unit }),
  };
}

function parameterShares(indices: readonly SobolIndices[], names: readonly string[]): ParameterImportance[] {
  return names
    .map((parameter, i) => ({
      parameter,
      first: shareOf(indices.map(({ first }) => first[i] as number)),
      total: shareOf(indices.map(({ total }) => total[i] as number)),
    }))
    .sort((a, b) => b.total.share - a.total.share);
}

/** Returns the pairs of the PAIRED_MAX parameters with the largest total shares. */
function pairsOf(names: readonly string[], parameters: readonly ParameterImportance[]): CoordinatePair[] {
  const leading = parameters.slice(0, PAIRED_MAX).map(({ parameter }) => parameter);
  return leading.flatMap((first, i) =>
    leading.slice(i + 1).map((second) => {
      const pair = [first, second] as const;
      return { parameters: pair, coordinates: [names.indexOf(first), names.indexOf(second)] as const };
    }),
  );
}

/** Returns the mean noise variance over the points whose objective is not worse than the cap. */
function noiseVariance(
  surface: Surface,
  points: readonly Float64Array[],
  { cap, goal }: { readonly cap: number | undefined; readonly goal: SuggestionRequest["goal"] },
): number {
  const counting = points.filter((point) => {
    const value = surface.valueAt(point);
    return value !== undefined && (cap === undefined || scoreOf(value, goal) >= scoreOf(cap, goal));
  });
  return mean(counting.map((point) => surface.noiseSdAt(point) ** 2));
}

function noiseShare(variance: number, noise: number): number {
  return variance + noise > 0 ? noise / (variance + noise) : 0;
}
