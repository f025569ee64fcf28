import type { Effect } from "../core/boundary/effect.js";
import type { Input } from "../core/boundary/input.js";
import type { State } from "../core/state/state.js";

/** A step of the trainer: what came in, and what it led to. */
export interface ObservedStep {
  /** Undefined for the first step. */
  readonly input?: Input;
  /** The state after the step. */
  readonly state: State;
  readonly effects: readonly Effect[];
}

/**
 * Receives every step of a trainer, for metrics. Returns at once, decides nothing and never throws.
 */
export type StepObserver = (step: ObservedStep) => void;
