// The records of many short logs in one pass over their stream. A reader for each log would cost
// five requests, which take longer than the records.

import type { NatsNames } from "@sintonia/runtime/nats/names";
import type { Consumer, JetStreamClient, JetStreamManager, JsMsg, StreamState } from "nats";
import type { Revision, StoredRecord } from "../../ports/study-log.js";
import { BATCH_WAIT_MS, openReader } from "./reader.js";

/** Largest stream that is read ahead, in bytes. It bounds the memory of a start. */
const STREAM_MAX_BYTES = 64 * 2 ** 20;

/**
 * Largest mean size of a log, in bytes, whose records take less time than the requests. Longer logs
 * have snapshots, so that most of their records are never read.
 */
const LOG_MAX_BYTES = 32 * 2 ** 10;

/** Number of records that one request reads. */
const BATCH_RECORDS = 2_000;

/** The records of all studies at the time of a pass. Each log is given once. */
export class ReadAhead {
  readonly #records = new Map<string, StoredRecord[]>();

  /**
   * Reads all logs of a stream, if they are short.
   *
   * @param state - of the stream, with its subjects
   * @throws any fault of the pass; the logs can still be read one by one
   */
  async read(
    { events: stream, allEvents: subject }: NatsNames,
    { client, manager }: { readonly client: JetStreamClient; readonly manager: JetStreamManager },
    { bytes, messages, subjects = {} }: StreamState,
  ): Promise<void> {
    if (bytes > Math.min(STREAM_MAX_BYTES, LOG_MAX_BYTES * Object.keys(subjects).length)) return;
    const reader = await openReader(client, manager, { stream, subject, first: 1 });
    for await (const { subject: log, seq: revision, data: body } of messagesOf(reader, messages)) {
      const records = this.#records.get(log);
      if (records === undefined) this.#records.set(log, [{ revision, body }]);
      else records.push({ revision, body });
    }
    // Ignored: the server deletes an inactive reader.
    await reader.delete().catch(() => undefined);
  }

  /**
   * Returns the records of a log, and forgets them.
   *
   * @param last - revision of the log's last record
   * @returns undefined if the log has another end, or was not read
   */
  take(subject: string, last: Revision): readonly StoredRecord[] | undefined {
    const records = this.#records.get(subject);
    this.#records.delete(subject);
    return records?.at(-1)?.revision === last ? records : undefined;
  }
}

/** @throws if the server delivers fewer messages than wanted, or loses one in transit */
async function* messagesOf(reader: Consumer, wanted: number): AsyncGenerator<JsMsg> {
  for (let delivered = 0; delivered < wanted; ) {
    const before = delivered;
    for await (const message of await reader.fetch({ max_messages: BATCH_RECORDS, expires: BATCH_WAIT_MS })) {
      delivered += 1;
      if (message.info.deliverySequence !== delivered) throw new Error("a record was lost in transit");
      yield message;
      if (delivered >= wanted) return;
    }
    if (delivered === before) throw new Error("NATS stopped answering");
  }
}
