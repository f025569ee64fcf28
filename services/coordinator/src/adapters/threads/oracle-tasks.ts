// What the oracle's thread can be asked to compute: functions of their arguments, which are copied to it and back.

import { createOracle } from "@sintonia/tuning/oracle/create";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";

export const ORACLE_TASKS = {
  suggest: (oracle: OracleSettings, request: SuggestionRequest): Suggestion | "exhausted" =>
    createOracle(oracle)(request),
};

export type OracleTasks = typeof ORACLE_TASKS;
