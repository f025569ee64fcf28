import type { Assignment } from "@sintonia/protocol/lease";

/** An assignment that this trainer was offered and nobody else holds for now. */
export interface Delivery {
  readonly assignment: Assignment;
  /**
   * Takes the assignment off the queue for good. Call it once the lease was granted or refused. Resolves when the queue has
   * confirmed it.
   *
   * @throws any fault of the connection; the assignment is then offered again, and the lease tells that it is void
   */
  accept(): Promise<void>;
  /**
   * Has the assignment offered again, to any trainer, after a while. Resolves when the queue has been told.
   *
   * @param delayMs - how long to wait before the next offer, in milliseconds; 0 for none
   * @throws any fault of the connection; the queue's own time limit then does the same
   */
  giveBack(delayMs: number): Promise<void>;
}

/** The work queue as a trainer sees it. A delivery that is neither accepted nor given back is offered again after 30 s. */
export interface AssignmentSource {
  /**
   * Waits for the next assignment, for as long as it takes, across restarts of the queue. One call at a time. No delivery is
   * lost by an abort.
   *
   * @returns undefined if the signal is aborted
   */
  next(signal: AbortSignal): Promise<Delivery | undefined>;
}
