import type { Answer } from "../boundary/answer.js";
import type { StudyEvent } from "../state/event.js";

/** The direct result of one input, before the stopping rule and effects. */
export interface Decision {
  readonly events: readonly StudyEvent[];
  readonly answer: Answer;
  /** Trial whose lease the input renews. */
  readonly renew?: string;
}

/** Returns a decision without events. */
export function answerOnly(answer: Answer): Decision {
  return { events: [], answer };
}
