import type { State } from "../state/state.js";
import type { Effect } from "./effect.js";

/** The result of an input. The shell starts the effects in their order. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}
