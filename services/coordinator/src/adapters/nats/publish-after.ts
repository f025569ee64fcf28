import { type NatsConnection, NatsError } from "nats";

/** JetStream's error code for a publish whose expected last sequence is not the last one. */
export const WRONG_LAST_SEQUENCE = 10071;

/** The place of a message that replaces the one of its subject. */
interface Target {
  readonly stream: string;
  readonly subject: string;
  /** Sequence of the message that is replaced; 0 if the subject has none. */
  readonly after: number;
  readonly timeoutMs: number;
}

/**
 * Publishes a message if the subject's last one has the sequence `after`.
 *
 * @returns the sequence of the message; undefined if the subject has another last message
 */
export async function publishAfter(
  connection: NatsConnection,
  { stream, subject, after, timeoutMs }: Target,
  body: string,
): Promise<number | undefined> {
  try {
    const expect = { streamName: stream, lastSubjectSequence: after };
    const { seq } = await connection.jetstream({ timeout: timeoutMs }).publish(subject, body, { expect });
    return seq;
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return undefined;
    throw error;
  }
}
