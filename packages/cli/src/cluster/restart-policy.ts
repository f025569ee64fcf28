// The decision to restart a child process that died. Pure.

import type { ChildExit } from "../system/process/child-process.js";

/** Upper limit of consecutive restarts without progress. The next death is final. */
export const RESTARTS_MAX = 5;
/**
 * The delay doubles at each restart, from 250 ms to 4 s. The system frees a dead process's port
 * within this time.
 */
const DELAY_FIRST_MS = 250;
const DELAY_MAX_MS = 4_000;

interface ChildHistory {
  /** True if the child has been ready in this run. */
  readonly wasReady: boolean;
  /** Deaths since the last progress, without the present one. */
  readonly deathsInARow: number;
}

type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number }
  /** The child exited by itself before it was ever ready. A restart would end in the same way. */
  | { readonly kind: "cannot-start" }
  | { readonly kind: "give-up" };

/** Decides whether to restart a child that died although nobody stopped it. */
export function decideRestart(history: ChildHistory, exit: ChildExit): RestartDecision {
  if (!history.wasReady && exit.signal === null) return { kind: "cannot-start" };
  if (history.deathsInARow >= RESTARTS_MAX) return { kind: "give-up" };
  return { kind: "restart", delayMs: Math.min(DELAY_MAX_MS, DELAY_FIRST_MS * 2 ** history.deathsInARow) };
}

interface Loss {
  readonly isTrainer: boolean;
  readonly reason: "cannot-start" | "give-up";
  /** Trainers that are left. */
  readonly remaining: number;
  /** True if a trainer of this run has trained an epoch. */
  readonly hasTrained: boolean;
}

/**
 * Decides whether a run can go on without a process. If a trainer cannot start before any has
 * trained, no trainer can: they share their settings and their engine.
 */
export function isBearable({ isTrainer, reason, remaining, hasTrained }: Loss): boolean {
  return isTrainer && remaining > 0 && (reason === "give-up" || hasTrained);
}
