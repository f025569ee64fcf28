import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  nanos,
} from "nats";

/** Time limit of a batch, in milliseconds. */
export const BATCH_WAIT_MS = 5_000;

/** Time after which the server deletes an inactive reader, in milliseconds. */
const READER_TTL_MS = 30_000;

/** The messages that a reader gets. */
interface ReaderRange {
  readonly stream: string;
  readonly subject: string;
  /** Sequence of the first message. */
  readonly first: number;
  /** True for messages without their bodies. */
  readonly headersOnly?: boolean;
}

/** Opens a reader of the messages of a subject. The server deletes it when it is inactive. */
export async function openReader(
  client: JetStreamClient,
  manager: JetStreamManager,
  { stream, subject, first, headersOnly = false }: ReaderRange,
): Promise<Consumer> {
  const config: Partial<ConsumerConfig> = {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: first,
    filter_subject: subject,
    headers_only: headersOnly,
    inactive_threshold: nanos(READER_TTL_MS),
    mem_storage: true,
    num_replicas: 1,
  };
  return client.consumers.getPullConsumerFor(await manager.consumers.add(stream, config));
}
