// The computations of the task thread: pure functions, whose arguments and results are copied
// between threads.

import { type Importance, type ImportanceOptions, importanceOf } from "@sintonia/tuning/importance/importance";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { chooseContenders } from "@sintonia/tuning/selection/ranking";
import { selectBest } from "@sintonia/tuning/selection/select-best";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";

/** The computations by name. */
export const TASKS = {
  suggest: (oracle: OracleSettings, request: SuggestionRequest): Suggestion | "exhausted" =>
    createOracle(oracle).suggest(request),
  contenders: chooseContenders,
  select: selectBest,
  explain: (oracle: OracleSettings, request: SuggestionRequest): Explanation | "exhausted" =>
    createOracle(oracle).explain(request),
  importance: (request: SuggestionRequest, options: ImportanceOptions): Importance | undefined =>
    importanceOf(request, options),
  readSpec: parseStudySpec,
};

/** The types of the computations. */
export type Tasks = typeof TASKS;
