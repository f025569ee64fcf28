import { type JetStreamManager, type MsgHdrs, type NatsConnection, NatsError, type StoredMsg } from "nats";
import { found } from "./availability.js";

/** JetStream's error code for a publish whose expected last sequence is not the last one. */
export const WRONG_LAST_SEQUENCE = 10071;

/** The place of a message, and the time limit of one answer of the server. */
interface Place {
  readonly stream: string;
  readonly subject: string;
  readonly timeoutMs: number;
}

/** The last message of a subject, which writers replace by compare-and-swap. */
export class LastMessage {
  readonly #connection: NatsConnection;
  readonly #place: Place;
  readonly #manager: Promise<JetStreamManager>;

  /** @param connection - the caller closes it, and has created the stream */
  constructor(connection: NatsConnection, place: Place) {
    this.#connection = connection;
    this.#place = place;
    this.#manager = connection.jetstreamManager({ timeout: place.timeoutMs, checkAPI: false });
  }

  /** Reads the message; undefined if the subject has none. */
  async read(): Promise<StoredMsg | undefined> {
    const { streams } = await this.#manager;
    return await found(streams.getMessage(this.#place.stream, { last_by_subj: this.#place.subject }));
  }

  /**
   * Replaces the message with the sequence `after`; 0 stands for none.
   *
   * @returns the sequence of the new message; undefined if the subject has another last message
   */
  async replace(after: number, body: string, headers?: MsgHdrs): Promise<number | undefined> {
    const { stream: streamName, subject, timeoutMs } = this.#place;
    try {
      const expect = { streamName, lastSubjectSequence: after };
      const options = { expect, ...(headers && { headers }) };
      return (await this.#connection.jetstream({ timeout: timeoutMs }).publish(subject, body, options)).seq;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return undefined;
      throw error;
    }
  }
}
