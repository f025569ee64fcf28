import type { Importance, ImportanceOptions } from "@sintonia/tuning/importance/importance";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import type { SuggestionsResult } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { SelectionRequest } from "@sintonia/tuning/selection/selection-request";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";
import type { Slice, SlicePlan } from "@sintonia/tuning/surrogate/belief/slice";

/** Too many questions wait. The caller may ask again later. */
export class TooManyQuestionsError extends Error {
  override readonly name = "TooManyQuestionsError";

  /** @param waiting - number of waiting questions of the same kind */
  constructor(waiting: number) {
    super(`${waiting} questions of this kind wait for their answers. Ask again later.`);
  }
}

/** A question had no answer in time. */
export class QuestionDeadlineError extends Error {
  override readonly name = "QuestionDeadlineError";

  constructor(deadlineMs: number) {
    super(`The coordinator had no answer within ${deadlineMs / 1_000} s.`);
  }
}

/** Returns true for a fault that passes by itself: the same question may have an answer later. */
export function isBusy(error: unknown): boolean {
  return error instanceof TooManyQuestionsError || error instanceof QuestionDeadlineError;
}

/** Runs oracles and other computations with their models outside the coordinator's thread. */
export interface OracleService {
  /**
   * Asks an oracle for suggestions of successive trials, the first of which the request describes.
   * Equal requests have equal answers, of which one may be longer, so that a call may be repeated.
   *
   * @param count - largest number of suggestions; a slow oracle makes fewer
   * @throws any error of the oracle or of its thread
   */
  suggest(oracle: OracleSettings, count: number, request: SuggestionRequest): Promise<SuggestionsResult>;
  /**
   * Chooses the trials to execute again. Equal requests have equal answers.
   *
   * @returns at most `count` ids, best first
   */
  contenders(request: SelectionRequest, count: number): Promise<readonly string[]>;
  /** Chooses the best trial. Equal requests have equal answers. */
  select(request: SelectionRequest): Promise<Selection>;
  /**
   * Repeats a suggestion of `suggest` and explains it.
   *
   * @throws {TooManyQuestionsError}
   * @throws {QuestionDeadlineError}
   * @throws any error of the oracle or of its thread
   */
  explain(oracle: OracleSettings, request: SuggestionRequest): Promise<Explanation | "exhausted">;
  /**
   * Computes the importance of each parameter from the completed trials of a request.
   *
   * @returns undefined if too few trials completed, or no parameter varies
   * @throws {TooManyQuestionsError}
   * @throws {QuestionDeadlineError}
   * @throws any error of the computation or of its thread
   */
  importance(request: SuggestionRequest, options: ImportanceOptions): Promise<Importance | undefined>;
  /**
   * Computes the posterior of the objective along a line or over a plane of the search space.
   *
   * @returns undefined if too few trials completed
   * @throws as `importance` does
   */
  slice(request: SuggestionRequest, plan: SlicePlan): Promise<Slice | undefined>;
  /** Ends the thread. Calls in progress are rejected. */
  close(): Promise<void>;
}
