import { Assignment as AssignmentMessage } from "@sintonia/proto/sintonia/v1/assignment";
import type { Assignment } from "@sintonia/protocol/lease";
import { DEFAULT_NAMES, type NatsNames } from "@sintonia/runtime/nats/names";
import { TRACEPARENT } from "@sintonia/runtime/tracing/trace-context";
import { headers, type JetStreamClient, type JetStreamManager, type MsgHdrs, type NatsConnection } from "nats";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";
import { available, found } from "./requests/availability.js";

/**
 * An AssignmentQueue in the JetStream stream of assignments, a work queue. Each trial has a subject
 * that holds at most one message.
 */
export class NatsAssignmentQueue implements AssignmentQueue {
  readonly #names: NatsNames;
  readonly #stream: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;

  /**
   * @param connection - the caller closes it, and has created its streams with ensureStreams
   * @param timeoutMs - time limit of one answer of the server
   */
  constructor(connection: NatsConnection, names = DEFAULT_NAMES, timeoutMs = 5_000) {
    this.#names = names;
    this.#stream = connection.jetstream({ timeout: timeoutMs });
    this.#manager = connection.jetstreamManager({ timeout: timeoutMs, checkAPI: false });
  }

  async publish(assignment: Assignment, traceparent?: string): Promise<void> {
    const { studyId, trialId } = assignment;
    const subject = this.#names.assignmentSubject(studyId, trialId);
    const body = AssignmentMessage.encode(AssignmentMessage.fromPartial(assignment)).finish();
    const options = { expect: { streamName: this.#names.assignments }, ...traceHeaders(traceparent) };
    await available(`offer trial ${trialId} of ${studyId}`, () => this.#stream.publish(subject, body, options));
  }

  /**
   * Deletes the subject's message. A purge by subject would make nats-server 2.9 lose assignments
   * of other trials.
   */
  async withdraw(studyId: string, trialId: string): Promise<void> {
    const subject = this.#names.assignmentSubject(studyId, trialId);
    await available(`withdraw trial ${trialId} of ${studyId}`, async () => {
      const { streams } = await this.#manager;
      const waiting = await found(streams.getMessage(this.#names.assignments, { last_by_subj: subject }));
      if (waiting) await found(streams.deleteMessage(this.#names.assignments, waiting.seq, false));
    });
  }
}

function traceHeaders(traceparent: string | undefined): { headers?: MsgHdrs } {
  if (traceparent === undefined) return {};
  const own = headers();
  own.set(TRACEPARENT, traceparent);
  return { headers: own };
}
