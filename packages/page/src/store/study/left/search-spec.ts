import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { RaceSettings } from "./brackets.js";

/** The pruners that compare with completed trials, and their settings in a spec. */
export interface JudgeSettings {
  readonly type: "median" | "percentile" | "wilcoxon";
  /** Completed trials before the first verdict. @default 1 */
  readonly startupTrials?: number;
}

/** What a spec says about the course of its search. */
export interface SearchSpec {
  readonly pruner?: RaceSettings | JudgeSettings | { readonly type: "none" | "threshold" };
  readonly budget?: { readonly parallelTrials?: number };
}

/** Reads the spec of a study; one without a text says nothing. */
export function searchSpecOf({ specJson }: Study): SearchSpec {
  return specJson === "" ? {} : JSON.parse(specJson);
}
