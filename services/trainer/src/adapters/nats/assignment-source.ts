import { setTimeout as delay } from "node:timers/promises";
import { Assignment as AssignmentMessage } from "@sintonia/proto/sintonia/v1/assignment";
import type { Assignment } from "@sintonia/protocol/lease";
import { STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { systemClock } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { DEFAULT_NAMES, type NatsNames, TRAINERS_CONSUMER } from "@sintonia/runtime/nats/names";
import { OutageLog } from "@sintonia/runtime/outage";
import { TRACEPARENT } from "@sintonia/runtime/tracing/trace-context";
import type { Consumer, JsMsg, NatsConnection } from "nats";
import type { AssignmentSource, Delivery } from "../../ports/assignment-source.js";

/**
 * Time that one request waits at the server, in milliseconds. After this time a request that the
 * server lost is repeated.
 */
const PULL_WAIT_MS = 10_000;

/**
 * Pause after a failed request, in milliseconds. It avoids a tight loop while the queue is
 * unavailable.
 */
const FAULT_PAUSE_MS = 500;

/** A durable consumer of a stream of assignments. */
export interface AssignmentConsumer {
  readonly stream: string;
  readonly consumer: string;
}

/** Returns the consumers from which a trainer of some resource classes takes assignments. */
export function assignmentConsumers(names: NatsNames, resourceClasses: readonly string[]): AssignmentConsumer[] {
  const classes = resourceClasses.map((consumer) => ({ stream: names.resourceAssignments, consumer }));
  return [...classes, { stream: names.assignments, consumer: TRAINERS_CONSUMER }];
}

/**
 * An AssignmentSource on a durable consumer that trainers share. The trainer may start before the
 * consumer exists. The caller closes the connection after the last `next` has ended.
 */
export class NatsAssignmentSource implements AssignmentSource {
  readonly #connection: NatsConnection;
  readonly #source: AssignmentConsumer;
  readonly #logger: Logger;
  readonly #outage: OutageLog;
  #consumer: Consumer | undefined;

  /** @param source - by default the queue of the studies that every trainer may serve */
  constructor(
    connection: NatsConnection,
    logger: Logger,
    source: AssignmentConsumer = { stream: DEFAULT_NAMES.assignments, consumer: TRAINERS_CONSUMER },
  ) {
    this.#source = source;
    this.#connection = connection;
    this.#logger = logger;
    this.#outage = new OutageLog(logger, systemClock, {
      failing: "assignment request failed, retrying",
      over: "assignment requests work again",
    });
  }

  async next(signal: AbortSignal): Promise<Delivery | undefined> {
    while (!signal.aborted) {
      const message = await this.#tryPull(signal);
      const assignment = message && decode(message);
      if (message && assignment) return this.#deliveryOf(message, assignment);
      if (message) this.#discard(message);
    }
    return undefined;
  }

  async #tryPull(signal: AbortSignal): Promise<JsMsg | undefined> {
    try {
      const message = await this.#pull(signal);
      this.#outage.succeed();
      return message;
    } catch (error) {
      if (this.#connection.isClosed()) throw error;
      const reason = messageOf(error);
      this.#outage.fail({ ...this.#source, reason });
      this.#consumer = undefined;
      // Ignored: an abort ends the pause, and the loop of `next` checks the signal.
      await delay(FAULT_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      return undefined;
    }
  }

  async #pull(signal: AbortSignal): Promise<JsMsg | undefined> {
    const { stream, consumer } = this.#source;
    this.#consumer ??= await this.#connection.jetstream().consumers.get(stream, consumer);
    if (signal.aborted) return undefined;
    const pulled = this.#consumer.next({ expires: PULL_WAIT_MS });
    let wake = (): void => {};
    const aborted = new Promise<void>((resolve) => {
      wake = resolve;
    });
    signal.addEventListener("abort", wake, { once: true });
    try {
      const message = await Promise.race([pulled, aborted]);
      if (!signal.aborted) return message ?? undefined;
    } finally {
      signal.removeEventListener("abort", wake);
    }
    // A message that the request may still deliver is returned for another trainer. Ignored: the
    // queue repeats the delivery.
    void pulled.then((message) => message?.nak()).catch(() => undefined);
    return undefined;
  }

  #deliveryOf(message: JsMsg, assignment: Assignment): Delivery {
    const traceparent = message.headers?.get(TRACEPARENT);
    return {
      assignment,
      ...(traceparent ? { traceparent } : {}),
      accept: async () => {
        await message.ackAck();
      },
      giveBack: async (delayMs) => {
        message.nak(delayMs);
        await this.#connection.flush();
      },
    };
  }

  #discard(message: JsMsg): void {
    this.#logger.error({ subject: message.subject, sequence: message.seq }, "assignment unreadable, discarded");
    message.term();
  }
}

function decode(message: JsMsg): Assignment | undefined {
  try {
    const { attempt, ...names } = AssignmentMessage.decode(message.data);
    const studyId = STUDY_ID.parse(names.studyId);
    const trialId = TRIAL_ID.parse(names.trialId);
    return studyId && trialId && attempt >= 1 ? { studyId, trialId, attempt } : undefined;
  } catch {
    return undefined;
  }
}
