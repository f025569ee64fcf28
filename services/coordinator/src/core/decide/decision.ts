import type { Answer } from "../boundary/input.js";
import type { StudyEvent } from "../state/event.js";

/** What one input leads to. */
export interface Decision {
  readonly events: readonly StudyEvent[];
  readonly answer: Answer;
  /** Trial whose lease is renewed. */
  readonly renew?: string;
}

/** Nothing happens but the answer. */
export function answerOnly(answer: Answer): Decision {
  return { events: [], answer };
}
