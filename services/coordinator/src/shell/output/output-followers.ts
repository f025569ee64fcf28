// Wakes the readers that follow the output of an attempt. A reader that has not read yet when more
// is appended is woken once. The end of an output is told to those that follow it then.

import type { OutputKey } from "../../ports/output-store.js";

/** A reader that waits for more output. */
export interface Follower {
  /** Resolves once more was appended since the last call. */
  more(): Promise<void>;
  /** Resolves once the trainer has sent the end of the output. */
  readonly ended: Promise<void>;
}

interface Waiting {
  dirty: boolean;
  wake: () => void;
  end: () => void;
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

  /** Tells the followers of an output that nothing more comes. */
  end(key: OutputKey): void {
    for (const waiting of this.#waiting.get(nameOf(key)) ?? []) waiting.end();
  }

  /** Calls `use` with a follower of an output, which is forgotten when the iteration ends. */
  async *following<T>(key: OutputKey, use: (follower: Follower) => AsyncIterable<T>): AsyncGenerator<T> {
    const waiting: Waiting = { dirty: false, wake: () => undefined, end: () => undefined };
    const ended = new Promise<void>((resolve) => {
      waiting.end = resolve;
    });
    const all = this.#waiting.get(nameOf(key)) ?? new Set();
    this.#waiting.set(nameOf(key), all.add(waiting));
    try {
      yield* use({ more: () => next(waiting), ended });
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
