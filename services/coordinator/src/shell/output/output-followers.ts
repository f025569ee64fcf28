// Wakes the readers that follow the output of an attempt. A reader that has not read yet when more
// is appended is woken once.

import type { OutputKey } from "../../ports/output-store.js";

/** A reader that waits for more output. */
export interface Follower {
  /** Resolves once more was appended since the last call. */
  more(): Promise<void>;
}

interface Waiting {
  dirty: boolean;
  wake: () => void;
}

/** The readers that follow outputs. */
export class OutputFollowers {
  readonly #waiting = new Map<string, Set<Waiting>>();

  /** Wakes the followers of an output. */
  notify(key: OutputKey): void {
    for (const waiting of this.#waiting.get(nameOf(key)) ?? []) {
      waiting.dirty = true;
      waiting.wake();
    }
  }

  /** Calls `use` with a follower of an output, which is forgotten when the iteration ends. */
  async *following<T>(key: OutputKey, use: (follower: Follower) => AsyncIterable<T>): AsyncGenerator<T> {
    const waiting: Waiting = { dirty: false, wake: () => undefined };
    const all = this.#waiting.get(nameOf(key)) ?? new Set();
    this.#waiting.set(nameOf(key), all.add(waiting));
    try {
      yield* use({ more: () => next(waiting) });
    } finally {
      all.delete(waiting);
      if (all.size === 0) this.#waiting.delete(nameOf(key));
    }
  }
}

async function next(waiting: Waiting): Promise<void> {
  if (!waiting.dirty) await new Promise<void>((resolve) => (waiting.wake = resolve));
  waiting.dirty = false;
}

function nameOf({ studyId, trialId, attempt }: OutputKey): string {
  return `${studyId}/${trialId}/${attempt}`;
}
