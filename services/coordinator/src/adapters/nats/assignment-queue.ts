import { Assignment as AssignmentMessage } from "@sintonia/proto/sintonia/v1/assignment";
import type { Assignment } from "@sintonia/protocol/lease";
import { TRACEPARENT } from "@sintonia/runtime/tracing/trace-context";
import { ANY_CLASS } from "@sintonia/tuning/spec/resources";
import { headers, type JetStreamClient, type JetStreamManager, type MsgHdrs, type NatsConnection } from "nats";
import type { AssignmentQueue, AssignmentRoute } from "../../ports/assignment-queue.js";
import { type ClassQueueOptions, ClassQueues } from "./class-queues.js";
import { available, found } from "./requests/availability.js";

/**
 * An AssignmentQueue in two JetStream streams, which are work queues: one for the studies that
 * every trainer may serve, and one whose subjects begin with a resource class. Each trial has a
 * subject that holds at most one message.
 */
export class NatsAssignmentQueue implements AssignmentQueue {
  readonly #options: ClassQueueOptions;
  readonly #stream: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;
  readonly #classes: ClassQueues;

  /**
   * @param connection - the caller closes it, and has created its streams with ensureStreams
   * @param timeoutMs - time limit of one answer of the server
   */
  constructor(connection: NatsConnection, options: ClassQueueOptions, timeoutMs = 5_000) {
    this.#options = options;
    this.#stream = connection.jetstream({ timeout: timeoutMs });
    this.#manager = connection.jetstreamManager({ timeout: timeoutMs, checkAPI: false });
    this.#classes = new ClassQueues(connection, this.#manager, options);
  }

  async open(resourceClass: string): Promise<void> {
    await available(`make the queue of ${resourceClass}`, () => this.#classes.open(resourceClass));
  }

  async publish(assignment: Assignment, { resourceClass = ANY_CLASS, traceparent }: AssignmentRoute = {}) {
    const { studyId, trialId } = assignment;
    const { stream, subject } = this.#place(studyId, trialId, resourceClass);
    const body = AssignmentMessage.encode(AssignmentMessage.fromPartial(assignment)).finish();
    const options = { expect: { streamName: stream }, ...traceHeaders(traceparent) };
    await available(`offer trial ${trialId} of ${studyId}`, async () => {
      if (resourceClass !== ANY_CLASS) await this.#classes.ensureStream();
      await this.#stream.publish(subject, body, options);
    });
  }

  /**
   * Deletes the subject's message. A purge by subject would make nats-server 2.9 lose assignments
   * of other trials.
   */
  async withdraw(studyId: string, trialId: string, resourceClass = ANY_CLASS): Promise<void> {
    const { stream, subject } = this.#place(studyId, trialId, resourceClass);
    await available(`withdraw trial ${trialId} of ${studyId}`, async () => {
      if (resourceClass !== ANY_CLASS) await this.#classes.ensureStream();
      const { streams } = await this.#manager;
      const waiting = await found(streams.getMessage(stream, { last_by_subj: subject }));
      if (waiting) await found(streams.deleteMessage(stream, waiting.seq, false));
    });
  }

  #place(studyId: string, trialId: string, resourceClass: string): { stream: string; subject: string } {
    const { names } = this.#options;
    if (resourceClass === ANY_CLASS) {
      return { stream: names.assignments, subject: names.assignmentSubject(studyId, trialId) };
    }
    const subject = names.classAssignmentSubject(resourceClass, studyId, trialId);
    return { stream: names.resourceAssignments, subject };
  }
}

function traceHeaders(traceparent: string | undefined): { headers?: MsgHdrs } {
  if (traceparent === undefined) return {};
  const own = headers();
  own.set(TRACEPARENT, traceparent);
  return { headers: own };
}
