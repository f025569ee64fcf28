import type { Assignment } from "@sintonia/protocol/lease";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";

/** An AssignmentQueue in this process. */
export class MemoryAssignmentQueue implements AssignmentQueue {
  readonly #waiting = new Map<string, Assignment>();
  readonly #trainers: AssignmentQueue | undefined;

  /** @param trainers - told of every call; the in-memory AssignmentSource of the trainer fits */
  constructor(trainers?: AssignmentQueue) {
    this.#trainers = trainers;
  }

  /** What was published last for each trial and not withdrawn since, in the order of publication. */
  waiting(): readonly Assignment[] {
    return [...this.#waiting.values()];
  }

  async publish(assignment: Assignment): Promise<void> {
    const key = `${assignment.studyId}/${assignment.trialId}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, assignment);
    await this.#trainers?.publish(assignment);
  }

  async withdraw(studyId: string, trialId: string): Promise<void> {
    this.#waiting.delete(`${studyId}/${trialId}`);
    await this.#trainers?.withdraw(studyId, trialId);
  }
}
