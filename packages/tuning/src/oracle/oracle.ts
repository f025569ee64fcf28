import type { Goal } from "../plan/training-plan.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";

/** A trial that has ended with an objective. */
export interface Observation {
  readonly values: ParameterValues;
  /** Finite, in the objective's own units. */
  readonly objective: number;
}

/** Everything that a suggestion may depend on. The oracle keeps nothing between calls. */
export interface SuggestionRequest {
  readonly space: SearchSpace;
  readonly goal: Goal;
  /** In the order of trial numbers. */
  readonly completed: readonly Observation[];
  /** Values of trials queued or under way. */
  readonly pending: readonly ParameterValues[];
  /** Values that ended infeasible or failed: not to be proposed again, and known to be bad. */
  readonly infeasible: readonly ParameterValues[];
  /** Number of the trial the suggestion is for, from 0. With `seed` it fixes the oracle's random numbers. */
  readonly trialNumber: number;
  /** Seed of the study. */
  readonly seed: number;
}

/** Where a suggestion came from. */
export type SuggestionSource = "random" | "initial-design" | "model";

export interface Suggestion {
  readonly values: ParameterValues;
  readonly source: SuggestionSource;
}

/**
 * Proposes the next point. A function of the request alone: the same request gives the same suggestion, bit for bit.
 * With several trainers it is called once per free trainer, with the earlier suggestions among `pending`.
 */
export type Oracle = (request: SuggestionRequest) => Suggestion;
