import type { OracleService } from "../../ports/oracle-service.js";

/**
 * Explanations, importances and slices computed in the calling thread, for a process that does
 * nothing else. The oracles are loaded with the first question.
 */
export const inlineTasks: Pick<OracleService, "explain" | "importance" | "slice"> = {
  explain: async (oracle, request) => (await import("./tasks.js")).TASKS.explain(oracle, request),
  importance: async (request, options) => (await import("./tasks.js")).TASKS.importance(request, options),
  slice: async (request, plan) => (await import("./tasks.js")).TASKS.slice(request, plan),
};
