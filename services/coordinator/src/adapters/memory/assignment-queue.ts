import type { Assignment } from "@sintonia/protocol/lease";
import type { AssignmentQueue, AssignmentRoute } from "../../ports/assignment-queue.js";

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

  async open(resourceClass: string): Promise<void> {
    await this.#trainers?.open(resourceClass);
  }

  async publish(assignment: Assignment, route?: AssignmentRoute): Promise<void> {
    const key = `${assignment.studyId}/${assignment.trialId}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, assignment);
    await this.#trainers?.publish(assignment, route);
  }

  async withdraw(studyId: string, trialId: string, resourceClass?: string): Promise<void> {
    this.#waiting.delete(`${studyId}/${trialId}`);
    await this.#trainers?.withdraw(studyId, trialId, resourceClass);
  }
}
