import type { Assignment } from "@sintonia/protocol/lease";
import { messageOf } from "@sintonia/runtime/errors";
import type { Input } from "../core/boundary/input.js";
import type { AssignmentSource, Delivery } from "../ports/assignment-source.js";
import type { TrialLogs } from "./trial-logs.js";

/** Pulls assignments, and holds each delivery until it is accepted or given back. */
export class AssignmentPuller {
  readonly #source: AssignmentSource;
  readonly #logs: TrialLogs;
  readonly #emit: (input: Input) => void;
  readonly #deliveries = new Map<string, Delivery>();
  #pull = new AbortController();

  constructor(source: AssignmentSource, logs: TrialLogs, emit: (input: Input) => void) {
    this.#source = source;
    this.#logs = logs;
    this.#emit = emit;
  }

  /** Waits for one assignment without time limit. */
  async pull(): Promise<void> {
    this.#pull = new AbortController();
    const delivery = await this.#source.next(this.#pull.signal);
    if (delivery === undefined) return;
    this.#deliveries.set(keyOf(delivery.assignment), delivery);
    this.#emit({ type: "assignment-received", assignment: delivery.assignment });
  }

  /** Ends the waiting. An assignment in transit is still emitted. */
  cancelPull(): void {
    this.#pull.abort();
  }

  /** Removes an assignment from the queue. */
  async accept(assignment: Assignment): Promise<void> {
    await this.#settle(assignment, (delivery) => delivery.accept());
  }

  /** Returns an assignment to the queue. */
  async giveBack(assignment: Assignment, delayMs: number): Promise<void> {
    await this.#settle(assignment, (delivery) => delivery.giveBack(delayMs));
  }

  async #settle(assignment: Assignment, settle: (delivery: Delivery) => Promise<void>): Promise<void> {
    const delivery = this.#take(assignment);
    try {
      if (delivery !== undefined) await settle(delivery);
    } catch (error) {
      // Ignored: the queue delivers the assignment again, and the coordinator refuses a void one.
      const reason = messageOf(error);
      this.#logs.of(assignment).warn({ reason }, "assignment not settled");
    }
  }

  #take(assignment: Assignment): Delivery | undefined {
    const key = keyOf(assignment);
    const delivery = this.#deliveries.get(key);
    this.#deliveries.delete(key);
    return delivery;
  }
}

function keyOf({ studyId, trialId, attempt }: Assignment): string {
  return `${studyId}/${trialId}/${attempt}`;
}
