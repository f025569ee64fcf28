import type { Assignment } from "@sintonia/protocol/lease";
import type { Logger } from "@sintonia/runtime/logger";
import { readTraceparent } from "@sintonia/runtime/tracing/trace-context";
import type { AssignmentSource, Delivery } from "../ports/assignment-source.js";

/**
 * The log of a trainer. Lines about a trial carry its ids, and the id of its trace where the
 * assignment came with one.
 */
export class TrialLogs {
  /** For lines that concern no trial. */
  readonly logger: Logger;
  /** The trial that was delivered last: a trainer has one at a time. */
  #delivered: Pick<Delivery, "assignment" | "traceparent"> | undefined;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Returns a source whose deliveries tell their traces. */
  following(source: AssignmentSource): AssignmentSource {
    return {
      next: async (signal) => {
        const delivery = await source.next(signal);
        if (delivery !== undefined) this.#delivered = delivery;
        return delivery;
      },
    };
  }

  /** Returns the logger of an attempt. */
  of({ studyId, trialId, attempt }: Assignment): Logger {
    const traceId = this.#traceIdOf(studyId, trialId);
    return this.logger.child({ studyId, trialId, attempt, ...(traceId === undefined ? {} : { traceId }) });
  }

  #traceIdOf(studyId: string, trialId: string): string | undefined {
    const { assignment, traceparent } = this.#delivered ?? {};
    if (traceparent === undefined || assignment?.studyId !== studyId || assignment.trialId !== trialId)
      return undefined;
    return readTraceparent(traceparent)?.traceId;
  }
}
