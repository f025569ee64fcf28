// When a child process that died is started again. Pure.

/** Restarts in a row without progress in between; the next death is final. */
export const RESTARTS_MAX = 5;
/** Doubles at each restart: 250 ms to 4 s. A port that the dead process held is free again well within it. */
const DELAY_FIRST_MS = 250;
const DELAY_MAX_MS = 4_000;

export interface ChildHistory {
  /** Whether the child has ever been ready in this run. */
  readonly wasReady: boolean;
  /** Deaths since the last progress, this one not included. */
  readonly deathsInARow: number;
}

export interface ChildExit {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number }
  /** The child never was ready and said itself that it cannot start: asking again would not change the answer. */
  | { readonly kind: "cannot-start" }
  | { readonly kind: "give-up" };

/** What to do about a child that died although nobody stopped it. */
export function decideRestart(history: ChildHistory, exit: ChildExit): RestartDecision {
  if (!history.wasReady && exit.signal === null) return { kind: "cannot-start" };
  if (history.deathsInARow >= RESTARTS_MAX) return { kind: "give-up" };
  return { kind: "restart", delayMs: Math.min(DELAY_MAX_MS, DELAY_FIRST_MS * 2 ** history.deathsInARow) };
}

/** How a process ended, in words. */
export function exitText({ code, signal }: ChildExit): string {
  return signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
}
