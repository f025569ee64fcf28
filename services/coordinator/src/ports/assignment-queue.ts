import type { Assignment } from "@sintonia/protocol/lease";

/**
 * The work queue from the coordinator to the trainers. It delivers each assignment at least once:
 * to one trainer at a time, until a trainer accepts it, and possibly again after a restart of the
 * queue. Only the lease decides which trainer may train.
 */
export interface AssignmentQueue {
  /**
   * Publishes an assignment, in place of an earlier one of the same trial. A repeat has no effect.
   *
   * @param traceparent - the context of the trial's trace, for the trainer; none for a trainer in
   *   this process
   * @throws {StoreUnavailableError} whether the assignment is on the queue is then unknown
   */
  publish(assignment: Assignment, traceparent?: string): Promise<void>;
  /**
   * Removes a trial's assignment from the queue, if there is one. A delivery in progress may still
   * reach a trainer.
   *
   * @throws {StoreUnavailableError} whether the assignment is on the queue is then unknown
   */
  withdraw(studyId: string, trialId: string): Promise<void>;
}
