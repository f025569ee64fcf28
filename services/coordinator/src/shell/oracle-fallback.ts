// The response to a fault of the oracle. A restart would repeat the question and the fault, and
// end every study of the process. Instead, the study continues without the model, and the log says
// so.

import type { Logger } from "@sintonia/runtime/logger";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import { isBusy, type OracleService } from "../ports/oracle-service.js";

interface Context {
  readonly logger: Logger;
  /**
   * Aborted when the process stops, which ends the oracle's thread. A failure is then no fault of
   * the oracle.
   */
  readonly signal: AbortSignal;
}

const NOTE = "The model could not be computed; the best measured trial was chosen.";

/**
 * Wraps an oracle service so that a study survives its faults. A failed question is repeated once,
 * since something else may have ended the thread. After a second failure a random point replaces
 * the suggestion, and measured objectives replace the model in the selection. `explain` and
 * `importance` have no replacement.
 *
 * @throws the first fault, if the replacement fails too; if no thread is free for the replacement,
 *   its fault
 */
export function withFallback(oracles: OracleService, { logger, signal }: Context): OracleService {
  const ask = async <T>(question: string, attempt: () => Promise<T>, fallback: () => Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      logger.warn({ question, err: error }, "oracle failed, asking again");
      return attempt().catch((again: unknown) => {
        if (signal.aborted) throw again;
        logger.error({ question, err: again }, "oracle failed twice, study continues without its model");
        return fallback().catch((last: unknown) => {
          throw isBusy(last) ? last : error;
        });
      });
    }
  };
  return {
    suggest: (oracle, count, request) =>
      ask(
        "suggest",
        () => oracles.suggest(oracle, count, request),
        () => oracles.suggest({ type: "random" }, 1, request),
      ),
    contenders: (request, count) =>
      ask(
        "contenders",
        () => oracles.contenders(request, count),
        () => oracles.contenders(withoutModel(request), count),
      ),
    select: (request) =>
      ask(
        "select",
        () => oracles.select(request),
        async () => withNote(await oracles.select(withoutModel(request))),
      ),
    explain: (oracle, request) => oracles.explain(oracle, request),
    importance: (request, options) => oracles.importance(request, options),
    slice: (request, plan) => oracles.slice(request, plan),
    close: () => oracles.close(),
  };
}

/**
 * Returns the request without observations, so that a rule that needs a model falls back to
 * measured objectives.
 */
function withoutModel(request: SelectionRequest): SelectionRequest {
  return { ...request, history: { ...request.history, completed: [] } };
}

/** Adds the note, except for the rule `replicate`: it compares executions and needs no model. */
function withNote(selection: Selection): Selection {
  return selection.rule === "replicate" ? selection : { ...selection, note: NOTE };
}
