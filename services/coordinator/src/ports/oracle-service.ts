import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/contract/oracle";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";

/** Runs oracles, and what else needs their model, where they cannot hold up the coordinator's thread. */
export interface OracleService {
  /**
   * Asks an oracle for the next point. The same request has the same answer, so asking again is harmless.
   *
   * @throws any fault of the oracle or of its thread
   */
  suggest(oracle: OracleSettings, request: SuggestionRequest): Promise<Suggestion | "exhausted">;
  /**
   * Asks which trials may be the best, to be executed again.
   *
   * @returns at most `count` ids, best first; the same for the same request
   */
  contenders(request: SelectionRequest, count: number): Promise<readonly string[]>;
  /** Chooses the best trial. The same request has the same answer. */
  select(request: SelectionRequest): Promise<Selection>;
  /**
   * Asks what `suggest` answers to the same arguments, and why.
   *
   * @throws any fault of the oracle or of its thread
   */
  explain(oracle: OracleSettings, request: SuggestionRequest): Promise<Explanation | "exhausted">;
  /**
   * Asks how much each parameter matters, by the completed trials of a request.
   *
   * @returns undefined if there are too few of them, or no parameter varies
   * @throws any fault of the computation or of its thread
   */
  importance(request: SuggestionRequest, options: ImportanceOptions): Promise<Importance | undefined>;
  /** Ends the thread; what is under way is rejected. */
  close(): Promise<void>;
}
