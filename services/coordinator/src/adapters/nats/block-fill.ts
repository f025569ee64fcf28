// A workaround for damaged blocks of a stream's file. nats-server 2.9 cuts a block off before a
// damaged record, but goes on writing behind the former end of the block: it takes further records,
// and reads none of them. A full block is followed by a new one, which the server writes and reads.

import type { NatsNames } from "@sintonia/runtime/nats/names";
import { type JetStreamManager, type NatsConnection, NatsError } from "nats";

/** Size of a message that fills a block, in bytes: a quarter of the default limit of messages. */
const FILL_BYTES = 256 * 1024;

/** Upper limit of the bytes that one call writes: twice the size of the largest blocks. */
const FILL_TOTAL_MAX_BYTES = 16 * 1024 * 1024;

/** Fills the damaged block of the stream of events, if its last block is a damaged one. */
export class BlockFill {
  readonly #connection: NatsConnection;
  readonly #names: NatsNames;
  readonly #timeoutMs: number;
  #running: Promise<boolean> | undefined;

  /** @param timeoutMs - time limit of one answer of the server */
  constructor(connection: NatsConnection, names: NatsNames, timeoutMs: number) {
    this.#connection = connection;
    this.#names = names;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Writes messages to the stream until the server reads one of them back. The first one is empty,
   * and in a whole stream the only one. Erases what it wrote, as far as the server can.
   *
   * @returns false if the server reads none of them
   */
  async ensureReadable(): Promise<boolean> {
    this.#running ??= this.#fill().finally(() => {
      this.#running = undefined;
    });
    return await this.#running;
  }

  async #fill(): Promise<boolean> {
    const manager = await this.#connection.jetstreamManager({ timeout: this.#timeoutMs, checkAPI: false });
    const bytes = Math.min(FILL_BYTES, (this.#connection.info?.max_payload ?? FILL_BYTES) >> 1);
    if (await this.#isReadable(manager, 0)) return true;
    for (let total = 0; total < FILL_TOTAL_MAX_BYTES; total += bytes) {
      if (await this.#isReadable(manager, bytes)) return true;
    }
    return false;
  }

  /** Writes a message of a size. Returns false if it cannot be read. */
  async #isReadable(manager: JetStreamManager, bytes: number): Promise<boolean> {
    const stream = this.#connection.jetstream({ timeout: this.#timeoutMs });
    const { seq } = await stream.publish(this.#names.fillSubject, new Uint8Array(bytes));
    try {
      await manager.streams.getMessage(this.#names.events, { seq });
      await manager.streams.deleteMessage(this.#names.events, seq, false);
      return true;
    } catch (error) {
      if (error instanceof NatsError && error.api_error !== undefined) return false;
      throw error;
    }
  }
}
