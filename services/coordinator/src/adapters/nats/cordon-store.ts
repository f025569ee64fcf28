import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { Cordons } from "../../core/cordon/cordons.js";
import type { CordonStore, StoredCordons } from "../../shell/running/cordon-register.js";
import { available } from "./requests/availability.js";
import { digestHeaders, intactBody } from "./requests/digest.js";
import { LastMessage } from "./requests/last-message.js";

/** Time limit of one answer of the server, in milliseconds. */
const ANSWER_MS = 5_000;

const record = z.object({
  cordons: z.array(z.object({ trainerId: z.string(), reason: z.string(), since: z.number(), drains: z.boolean() })),
});

/** A CordonStore in the stream of coordinators: the record is the message of a subject. */
export class NatsCordonStore implements CordonStore {
  readonly #message: LastMessage;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, { coordinators: stream, cordonsSubject: subject } = DEFAULT_NAMES) {
    this.#message = new LastMessage(connection, { stream, subject, timeoutMs: ANSWER_MS });
  }

  async read(): Promise<StoredCordons> {
    const message = await available("read the cordons", () => this.#message.read());
    return message === undefined
      ? { cordons: [], revision: 0 }
      : { cordons: decode(intactBody(message)), revision: message.seq };
  }

  async write(cordons: Cordons, after: number): Promise<number | undefined> {
    const body = JSON.stringify({ cordons });
    return await available("write the cordons", () => this.#message.replace(after, body, digestHeaders(body)));
  }
}

/** Returns the cordons of a record; undefined for a damaged one, of which the register warns. */
function decode(body: string | undefined): Cordons | undefined {
  try {
    return body === undefined ? undefined : record.parse(JSON.parse(body)).cordons;
  } catch {
    return undefined;
  }
}
