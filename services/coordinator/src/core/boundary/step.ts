import type { StudyEvent } from "../state/event.js";
import type { State } from "../state/state.js";
import type { Answer } from "./answer.js";
import type { Effect } from "./effect.js";

/**
 * The result of an input. The shell stores `events` before it runs `effects` or gives `answer`.
 */
export interface Step {
  readonly state: State;
  /** Wall time of the events in milliseconds since 1970. The log stores the same time. */
  readonly at: number;
  readonly events: readonly StudyEvent[];
  readonly effects: readonly Effect[];
  readonly answer: Answer;
}
