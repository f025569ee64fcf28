import { TooManyQuestionsError } from "../ports/oracle-service.js";

/** Limit of the different questions about one study whose answers are awaited. */
const OPEN_MAX = 4;

/**
 * The questions of persons whose answers are awaited. Equal ones share one computation, and one
 * study has a few at a time, so that nobody's questions keep those of others waiting.
 */
export class SharedQuestions {
  readonly #open = new Map<string, Map<string, Promise<unknown>>>();

  /**
   * Returns the answer of an equal open question, or asks this one.
   *
   * @param question - equal texts are equal questions about the study
   * @throws {TooManyQuestionsError} if the study has too many open questions
   */
  async ask<T>(studyId: string, question: string, compute: () => Promise<T>): Promise<T> {
    const open = this.#open.get(studyId) ?? new Map<string, Promise<unknown>>();
    const equal = open.get(question);
    if (equal !== undefined) return (await equal) as T;
    if (open.size >= OPEN_MAX) throw new TooManyQuestionsError(open.size);
    const answer = compute();
    this.#open.set(studyId, open.set(question, answer));
    try {
      return await answer;
    } finally {
      open.delete(question);
      if (open.size === 0) this.#open.delete(studyId);
    }
  }
}
