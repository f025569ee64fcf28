import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { Explanation } from "@sintonia/tuning/oracle/explanation";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/oracle";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";

/** Runs oracles where they cannot hold up the coordinator's thread. */
export interface OracleService {
  /**
   * Asks an oracle for the next point. The same request has the same answer, so asking again is harmless.
   *
   * @throws any fault of the oracle or of its thread
   */
  suggest(oracle: OracleSettings, request: SuggestionRequest): Promise<Suggestion | "exhausted">;
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
