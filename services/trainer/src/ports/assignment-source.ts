import type { Assignment } from "@sintonia/protocol/lease";

/** A delivered assignment. The queue does not deliver it to another trainer for the time being. */
export interface Delivery {
  readonly assignment: Assignment;
  /** The context of the trial's trace, as the header `traceparent`; undefined if none came. */
  readonly traceparent?: string;
  /**
   * Removes the assignment from the queue. Call this once the lease is granted or refused.
   * Resolves when the queue has confirmed the removal.
   *
   * @throws any error of the connection; the queue then delivers the assignment again, and the
   *   coordinator refuses its lease
   */
  accept(): Promise<void>;
  /**
   * Returns the assignment to the queue, which delivers it again to any trainer. Resolves when the
   * message is sent.
   *
   * @param delayMs - delay before the next delivery, in milliseconds; may be 0
   * @throws any error of the connection; the queue then delivers the assignment after its own time
   *   limit
   */
  giveBack(delayMs: number): Promise<void>;
}

/**
 * The work queue, from a trainer's side. After 30 s it repeats a delivery that was neither
 * accepted nor given back.
 */
export interface AssignmentSource {
  /**
   * Waits for the next assignment without time limit, across restarts of the queue. The caller
   * makes one call at a time. An abort loses no delivery.
   *
   * @returns undefined if the signal is aborted
   */
  next(signal: AbortSignal): Promise<Delivery | undefined>;
}
