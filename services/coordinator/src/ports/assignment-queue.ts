import type { Assignment } from "@sintonia/protocol/lease";

/**
 * The work queue from the coordinator to the trainers. Each assignment is offered until a trainer accepts it, to one trainer at
 * a time but possibly to several in turn, and again after a restart of the queue: who may train is decided by the lease alone.
 */
export interface AssignmentQueue {
  /**
   * Puts an assignment on the queue. At most one waits per trial: a later one replaces it, and a repeat does no harm.
   *
   * @throws {StoreUnavailableError} the assignment may or may not wait then
   */
  publish(assignment: Assignment): Promise<void>;
  /**
   * Takes a trial's assignment off the queue, if one is there. One that a trainer has just been offered may still reach it.
   *
   * @throws {StoreUnavailableError} the assignment may or may not wait then
   */
  withdraw(studyId: string, trialId: string): Promise<void>;
}
