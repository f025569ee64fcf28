import type { FrontPick } from "../aims/aims.js";
import type { Outcomes } from "../objective/outcomes.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import type { MetricRange } from "../plan/metric.js";
import type { ParameterValues } from "../space/parameter.js";
import type { SelectionRule } from "../spec/study-spec.js";

/** A completed trial, which may be chosen as the best. */
export interface CompletedTrial {
  readonly id: string;
  readonly values: ParameterValues;
  /** The measured objective; finite. */
  readonly objective: number;
  /** Every outcome by name, where the history has `aims`. */
  readonly outcomes?: Outcomes;
}

/** A completed trial that the rule `replicate` executes again. */
export interface Contender {
  readonly id: string;
  /**
   * Objective of the new execution of each round, undefined if it did not complete. The executions
   * of one round have the same seed for all contenders.
   */
  readonly objectives: readonly (number | undefined)[];
}

/** Everything that the choice of the best trial depends on. */
export interface SelectionRequest {
  readonly rule: SelectionRule;
  /**
   * The observations that the surrogate is fitted to: those of `trials` and those of the warm
   * start.
   */
  readonly history: SuggestionRequest;
  /** The study's completed trials in the order of their numbers; at least one. */
  readonly trials: readonly CompletedTrial[];
  /** New executions under the rule `replicate`. @default none */
  readonly contenders?: readonly Contender[];
  /** The rule that picks one trial of the front of several objectives. @default knee */
  readonly pick?: FrontPick;
  /** The range of the objective. @default any value */
  readonly range?: MetricRange;
}
