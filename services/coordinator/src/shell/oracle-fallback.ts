// What becomes of a fault of the oracle. The same question would meet it again after a restart, and take every study of the
// coordinator with it: so the study goes on without the model, and the log says so.

import type { Logger } from "@sintonia/runtime/logger";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import type { OracleService } from "../ports/oracle-service.js";

interface Context {
  readonly logger: Logger;
  /** Aborted when the process stops, which ends the oracle's thread: no fault of the oracle's. */
  readonly signal: AbortSignal;
}

const NOTE = "The model could not be computed; the best measured trial was chosen.";

/**
 * Oracles that answer what a study cannot do without. A question that fails is asked once more, for the thread may have died of
 * something else; then a random point takes the place of a suggestion, and measured objectives that of beliefs.
 *
 * @throws the first fault, if that fails too
 */
export function dependableOracles(oracles: OracleService, { logger, signal }: Context): OracleService {
  const ask = async <T>(question: string, attempt: () => Promise<T>, instead: () => Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      logger.warn({ question, err: error }, "the oracle failed, asking again");
      return attempt().catch((again: unknown) => {
        if (signal.aborted) throw again;
        logger.error({ question, err: again }, "the oracle failed twice, the study goes on without its model");
        return instead().catch(() => {
          throw error;
        });
      });
    }
  };
  return {
    suggest: (oracle, request) =>
      ask(
        "suggest",
        () => oracles.suggest(oracle, request),
        () => oracles.suggest({ type: "random" }, request),
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
    close: () => oracles.close(),
  };
}

/** The same trials, with nothing to fit a model to: rules that need one give way. */
function withoutModel(request: SelectionRequest): SelectionRequest {
  return { ...request, known: { ...request.known, completed: [] } };
}

/** New executions tell the best without a model. */
function withNote(selection: Selection): Selection {
  return selection.rule === "replicate" ? selection : { ...selection, note: NOTE };
}
