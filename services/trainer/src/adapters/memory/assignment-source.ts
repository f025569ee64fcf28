import type { Assignment } from "@sintonia/protocol/lease";
import type { AssignmentSource, Delivery } from "../../ports/assignment-source.js";

/** Runs a task after a delay in milliseconds. */
type Schedule = (delayMs: number, task: () => void) => void;

const realTime: Schedule = (delayMs, task) => void setTimeout(task, delayMs);

/**
 * A work queue in memory with both of its sides: `publish` and `withdraw` for the coordinator,
 * `next` for any number of trainers. The queue repeats a delivery only after `giveBack` or another
 * `publish`.
 */
export class MemoryAssignmentSource implements AssignmentSource {
  /**
   * The newest unaccepted assignment of each trial. Object identity distinguishes an assignment
   * from its successor.
   */
  readonly #open = new Map<string, Assignment>();
  readonly #ready: Assignment[] = [];
  readonly #waiting: Array<(assignment: Assignment) => void> = [];
  readonly #schedule: Schedule;

  constructor(schedule: Schedule = realTime) {
    this.#schedule = schedule;
  }

  async open(): Promise<void> {}

  async publish(assignment: Assignment): Promise<void> {
    const fresh = { ...assignment };
    this.#open.set(keyOf(fresh), fresh);
    this.#offer(fresh);
  }

  async withdraw(studyId: string, trialId: string): Promise<void> {
    this.#open.delete(keyOf({ studyId, trialId }));
  }

  async next(signal: AbortSignal): Promise<Delivery | undefined> {
    if (signal.aborted) return undefined;
    for (let assignment = this.#ready.shift(); assignment !== undefined; assignment = this.#ready.shift()) {
      if (this.#isOpen(assignment)) return this.#deliver(assignment);
    }
    return new Promise((resolve) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        resolve(undefined);
      };
      const take = (assignment: Assignment): void => {
        signal.removeEventListener("abort", abort);
        resolve(this.#deliver(assignment));
      };
      this.#waiting.push(take);
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  #offer(assignment: Assignment): void {
    if (!this.#isOpen(assignment)) return;
    const deliver = this.#waiting.shift();
    if (deliver) deliver(assignment);
    else this.#ready.push(assignment);
  }

  #isOpen(assignment: Assignment): boolean {
    return this.#open.get(keyOf(assignment)) === assignment;
  }

  #deliver(assignment: Assignment): Delivery {
    return {
      assignment: { ...assignment },
      accept: async () => {
        if (this.#isOpen(assignment)) this.#open.delete(keyOf(assignment));
      },
      giveBack: async (delayMs) => {
        if (delayMs === 0) this.#offer(assignment);
        else this.#schedule(delayMs, () => this.#offer(assignment));
      },
    };
  }
}

function keyOf({ studyId, trialId }: { studyId: string; trialId: string }): string {
  return `${studyId}/${trialId}`;
}
