import type { Assignment } from "@sintonia/protocol/lease";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";

/** An AssignmentQueue in memory. */
export class MemoryAssignmentQueue implements AssignmentQueue {
  readonly #waiting = new Map<string, Assignment>();
  readonly #trainers: AssignmentQueue | undefined;

  /** @param trainers - receives every call too; the trainer's MemoryAssignmentSource fits */
  constructor(trainers?: AssignmentQueue) {
    this.#trainers = trainers;
  }

  /** Returns the last assignment of each trial, unless withdrawn, in the order of publication. */
  waiting(): readonly Assignment[] {
    return [...this.#waiting.values()];
  }

  async publish(assignment: Assignment, traceparent?: string): Promise<void> {
    const key = `${assignment.studyId}/${assignment.trialId}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, assignment);
    await this.#trainers?.publish(assignment, traceparent);
  }

  async withdraw(studyId: string, trialId: string): Promise<void> {
    this.#waiting.delete(`${studyId}/${trialId}`);
    await this.#trainers?.withdraw(studyId, trialId);
  }
}
