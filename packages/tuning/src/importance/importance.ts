// How much each parameter matters: a functional analysis of variance of what the model expects of the objective.
//
// Hutter, Hoos, Leyton-Brown, An Efficient Approach for Assessing Hyperparameter Importance, 2014. As there, objectives worse
// than a cap count as the cap, lest bad regions of the space, which differ by orders of magnitude, decide alone; the cap here
// is the median over the space, so that half of the space counts whatever trials there were.

import type { SuggestionRequest } from "../oracle/contract/oracle.js";
import { cardinality } from "../space/discrete.js";
import type { Parameter } from "../space/parameter.js";
import { pairDesign } from "./design.js";
import { type CoordinatePair, largestPairs, type PairImportance } from "./pairs.js";
import { type Share, shareOf } from "./share.js";
import { Sample, type SampledFunction, type SobolIndices } from "./sobol-indices.js";
import { cappedAt, medianOf, type Surface, surfaceOf } from "./surface.js";

export interface ImportanceOptions {
  /** Whether objectives worse than the median are told apart too. */
  readonly wholeSpace: boolean;
}

export interface ParameterImportance {
  readonly parameter: string;
  /** Of the parameter alone: of the objective averaged over all others. */
  readonly first: Share;
  /** With all its interactions: what varies while only this parameter does. */
  readonly total: Share;
}

export interface Importance {
  /** By falling total share. */
  readonly parameters: readonly ParameterImportance[];
  /** By falling share, among the parameters with the largest total shares. */
  readonly pairs: readonly PairImportance[];
  /** Completed trials that the model knows. */
  readonly observations: number;
  /** Standard deviation of what the model expects over the region, in the objective's units. */
  readonly sd: number;
  /** Share of noise in the variance of single measurements over the part of the region that counts; in [0, 1]. */
  readonly noise: number;
  /** Objectives worse than this count as it. */
  readonly cap?: number;
}

/** Independent designs: their spread is the error. */
const DESIGNS = 8;
/** Parameters whose pairs are looked at. */
const PAIRED_MAX = 5;
/** Pairs of points of a design: errors of shares are about a hundredth. */
const PAIRS_PER_DESIGN = 256;

/**
 * The importance of every parameter that can vary, over the region of a request.
 *
 * @returns undefined if there are too few completed trials for a model, or no parameter varies
 */
export function importanceOf(request: SuggestionRequest, { wholeSpace }: ImportanceOptions): Importance | undefined {
  const surface = surfaceOf(request);
  if (surface === undefined) return undefined;
  const names = Object.keys(request.space).filter((name) => cardinality(request.space[name] as Parameter) > 1);
  const designs = Array.from({ length: DESIGNS }, (_, k) => pairDesign(names.length, PAIRS_PER_DESIGN, k));
  const points = designs.flatMap((pairs) => pairs.map(({ a }) => a));
  const cap = wholeSpace ? undefined : medianOf(surface, points);
  const counted: SampledFunction = cap === undefined ? surface : cappedAt(surface, cap, request.goal);
  const samples = designs.map((pairs) => new Sample(counted, pairs));
  const indices = samples.map((sample) => sample.indices());
  const variance = average(samples.map((sample) => sample.variance));
  const parameters = parameterShares(indices, names);
  return {
    parameters,
    pairs: largestPairs(samples, indices, pairsOf(names, parameters)),
    observations: request.completed.length,
    sd: Math.sqrt(variance),
    noise: noiseShare(variance, noiseVariance(surface, points, { cap, goal: request.goal })),
    ...(cap === undefined ? {} : { cap }),
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

/** The pairs of the parameters with the largest total shares. */
function pairsOf(names: readonly string[], parameters: readonly ParameterImportance[]): CoordinatePair[] {
  const leading = parameters.slice(0, PAIRED_MAX).map(({ parameter }) => parameter);
  return leading.flatMap((first, i) =>
    leading.slice(i + 1).map((second) => {
      const pair = [first, second] as const;
      return { parameters: pair, coordinates: [names.indexOf(first), names.indexOf(second)] as const };
    }),
  );
}

/** Mean variance of a measurement's error where the objective counts. */
function noiseVariance(
  surface: Surface,
  points: readonly Float64Array[],
  { cap, goal }: { readonly cap: number | undefined; readonly goal: SuggestionRequest["goal"] },
): number {
  const counting = points.filter((point) => {
    const value = surface.valueAt(point);
    return value !== undefined && (cap === undefined || (goal === "maximize" ? value >= cap : value <= cap));
  });
  return average(counting.map((point) => surface.noiseSdAt(point) ** 2));
}

function noiseShare(variance: number, noise: number): number {
  return variance + noise > 0 ? noise / (variance + noise) : 0;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
