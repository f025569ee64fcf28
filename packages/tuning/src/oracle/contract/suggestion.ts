import type { StudyHistory } from "../../objective/observation.js";
import type { ParameterValues } from "../../space/parameter.js";

/** Everything that a suggestion depends on. An oracle keeps no state between calls. */
export interface SuggestionRequest extends StudyHistory {
  /**
   * Values of trials without a result, in the order of trial numbers: queued, running, or cancelled
   * by a person. Not proposed again.
   */
  readonly pending: readonly ParameterValues[];
  /**
   * Number of the trial that the suggestion is for, from 0. Together with `seed` it determines the
   * oracle's random numbers.
   */
  readonly trialNumber: number;
  /**
   * Number of earlier trials whose values the oracle itself chose. Enqueued points, the defaults,
   * and values that a program told do not count. A sequence of points continues at this index.
   *
   * @default trialNumber
   */
  readonly suggestionIndex?: number;
  /**
   * Values of the latest trial whose values the oracle itself chose. An enumeration goes on after
   * them.
   *
   * @default none: an enumeration starts anew and passes over used values
   */
  readonly latestSuggestion?: ParameterValues;
  /**
   * True if one more failed trial would end the study. The Bayesian oracle then proposes a point
   * that almost certainly completes.
   *
   * @default false
   */
  readonly isCautious?: boolean;
  /**
   * True to add the outlook to a suggestion of the Bayesian oracle's model.
   *
   * @default false
   */
  readonly wantsOutlook?: boolean;
}

/** The prospects of a search, by its surrogate, in the units of the objective. */
export interface Outlook {
  /**
   * Expected improvement of the suggestion over the best posterior mean of a completed trial,
   * without pending trials; at least 0.
   */
  readonly expectedImprovement: number;
  /**
   * Difference between that posterior mean and the best upper end of a 95 % interval over the
   * space; at least 0.
   */
  readonly gap: number;
}

/**
 * The origin of a trial's values: a phase of an oracle, the defaults of the parameters, or the
 * spec's `enqueue`.
 */
export type SuggestionSource =
  | "random"
  | "quasi-random"
  | "grid"
  | "initial-design"
  | "model"
  | "defaults"
  | "enqueued";

/** Returns the request's index among the oracle's own suggestions. */
export function suggestionIndexOf({ suggestionIndex, trialNumber }: SuggestionRequest): number {
  return suggestionIndex ?? trialNumber;
}

/** Returns true if the oracle itself chose the values; false if the spec states them. */
export function isOracleChoice(source: SuggestionSource): boolean {
  return source !== "enqueued" && source !== "defaults";
}

/** Parameter values that an oracle proposes for a trial. */
export interface Suggestion {
  readonly values: ParameterValues;
  readonly source: SuggestionSource;
  /** Present if the request asks for it and a surrogate of one objective chose the values. */
  readonly outlook?: Outlook;
}

/** A point of the request's region, or "exhausted" if the oracle will never propose another one. */
export type SuggestionResult = Suggestion | "exhausted";
