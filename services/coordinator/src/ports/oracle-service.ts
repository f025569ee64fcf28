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
  /** Ends the thread; suggestions under way are rejected. */
  close(): Promise<void>;
}
