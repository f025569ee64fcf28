import type { StudyHistory } from "../../objective/observation.js";
import type { ParameterValues } from "../../space/parameter.js";

/** Everything that a suggestion depends on. An oracle keeps no state between calls. */
export interface SuggestionRequest extends StudyHistory {
  /** Values of trials queued or running, in the order of trial numbers. */
  readonly pending: readonly ParameterValues[];
  /** Number of the trial that the suggestion is for, from 0. Together with `seed` it determines the oracle's random numbers. */
  readonly trialNumber: number;
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
