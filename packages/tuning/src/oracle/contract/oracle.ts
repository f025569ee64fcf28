import type { Goal } from "../../plan/training-plan.js";
import type { Region } from "../../space/constraint/region.js";
import type { ParameterValues } from "../../space/parameter.js";

/** A trial that has ended with an objective. */
export interface Observation {
  readonly values: ParameterValues;
  /** Finite, in the objective's own units: the mean, if the trial was executed more than once. */
  readonly objective: number;
  /** Variance of the error of `objective`, in its units squared, where the study knows it. */
  readonly noiseVariance?: number;
  /** Executions that `objective` is the mean of, and the variance of single ones (over count - 1); of two or more. */
  readonly executions?: { readonly count: number; readonly variance: number };
}

/** A trial that was ended early. */
export interface PrunedTrial {
  readonly values: ParameterValues;
  /** The objective as far as it got: a hint, and most likely worse than it would have become. */
  readonly objective?: number;
}

/** Everything that a suggestion may depend on. The oracle keeps nothing between calls. */
export interface SuggestionRequest extends Region {
  readonly goal: Goal;
  /** In the order of trial numbers. */
  readonly completed: readonly Observation[];
  /** Values of trials queued or under way, in the order of trial numbers. */
  readonly pending: readonly ParameterValues[];
  /** Values that ended infeasible: not to be proposed again, and known to be bad. */
  readonly infeasible: readonly ParameterValues[];
  /** Values of trials that failed for reasons that may have nothing to do with them: not to be proposed again. @default none */
  readonly failed?: readonly ParameterValues[];
  /** Not to be proposed again. @default none */
  readonly pruned?: readonly PrunedTrial[];
  /** Number of the trial the suggestion is for, from 0. With `seed` it fixes the oracle's random numbers. */
  readonly trialNumber: number;
  /** Seed of the study. */
  readonly seed: number;
}

/** Where the values of a trial came from: a phase of an oracle, or `enqueue` of the spec. */
export type SuggestionSource = "random" | "quasi-random" | "grid" | "initial-design" | "model" | "enqueued";

export interface Suggestion {
  readonly values: ParameterValues;
  readonly source: SuggestionSource;
}

/**
 * Proposes the next point. A function of the request alone: the same request gives the same suggestion, bit for bit.
 * With several trainers it is called once per free trainer, with the earlier suggestions among `pending`.
 *
 * @returns a point of the request's region, or "exhausted" if the oracle has none left to propose, now and later
 */
export type Oracle = (request: SuggestionRequest) => Suggestion | "exhausted";
