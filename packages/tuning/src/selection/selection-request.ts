import type { SuggestionRequest } from "../oracle/contract/oracle.js";
import type { ParameterValues } from "../space/parameter.js";
import type { SelectionRule } from "../spec/study-spec.js";

/** A completed trial, which may be chosen. */
export interface Candidate {
  readonly id: string;
  readonly values: ParameterValues;
  /** As measured; finite. */
  readonly objective: number;
}

/** A candidate that was executed again. */
export interface Contender {
  readonly id: string;
  /** By round, the objective of the new execution; undefined where it did not complete. Equal rounds had equal seeds. */
  readonly objectives: readonly (number | undefined)[];
}

/** All that the choice of the best trial depends on. */
export interface SelectionRequest {
  readonly rule: SelectionRule;
  /** What a model of the objective is fitted to: the candidates, and what the study knew before them. */
  readonly known: SuggestionRequest;
  /** In the order of trial numbers; at least one. */
  readonly candidates: readonly Candidate[];
  /** With the rule `replicate`, what the new executions gave. @default none */
  readonly contenders?: readonly Contender[];
}
