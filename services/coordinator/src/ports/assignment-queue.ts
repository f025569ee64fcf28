import type { Assignment } from "@sintonia/protocol/lease";

/** The way of an assignment to a trainer. */
export interface AssignmentRoute {
  /**
   * Resource class of the study: only trainers of the class get the assignment.
   * @default ANY_CLASS
   */
  readonly resourceClass?: string;
  /**
   * The context of the trial's trace, for the trainer.
   * @default none, as for a trainer in this process
   */
  readonly traceparent?: string | undefined;
}

/**
 * The work queue from the coordinator to the trainers. It delivers each assignment at least once:
 * to one trainer of its resource class at a time, until a trainer accepts it, and possibly again
 * after a restart of the queue. Only the lease decides which trainer may train.
 */
export interface AssignmentQueue {
  /**
   * Makes the queue from which the trainers of a resource class take assignments. Cheap to repeat.
   * The queue of ANY_CLASS is always there.
   *
   * @throws {StoreUnavailableError}
   */
  open(resourceClass: string): Promise<void>;
  /**
   * Publishes an assignment, in place of an earlier one of the same trial. A repeat has no effect.
   *
   * @throws {StoreUnavailableError} whether the assignment is on the queue is then unknown
   */
  publish(assignment: Assignment, route?: AssignmentRoute): Promise<void>;
  /**
   * Removes a trial's assignment from the queue, if there is one. A delivery in progress may still
   * reach a trainer.
   *
   * @param resourceClass - that of the study; by default ANY_CLASS
   * @throws {StoreUnavailableError} whether the assignment is on the queue is then unknown
   */
  withdraw(studyId: string, trialId: string, resourceClass?: string): Promise<void>;
}
