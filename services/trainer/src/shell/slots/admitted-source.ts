import type { AssignmentSource } from "../../ports/assignment-source.js";

/** What a slot may do before its next trial. */
interface Gate {
  readonly mayTake: () => boolean;
  /** Ends the slot, which aborts the present call. */
  readonly leave: () => void;
}

/** Returns a source that asks before each assignment whether the slot may take another one. */
export function admittedSource(source: AssignmentSource, { mayTake, leave }: Gate): AssignmentSource {
  return {
    next: async (signal) => {
      if (mayTake()) return await source.next(signal);
      // After the present step of the slot's state machine, which asked for the assignment.
      queueMicrotask(leave);
      await abortOf(signal);
      return undefined;
    },
  };
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
