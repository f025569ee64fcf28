import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { LeaderRecord, StoredLeader } from "../../core/leadership/leadership.js";
import type { LeadershipStore, LeadershipWrite } from "../../ports/leadership-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { available } from "./requests/availability.js";
import { LastMessage } from "./requests/last-message.js";

/**
 * Time limit of one answer of the server, in milliseconds: a renewal that takes longer is worth
 * little, and the next one may be answered by another server of the cluster.
 */
const ANSWER_MS = 1_500;

const leaseTime = z.object({
  studyId: z.string(),
  trialId: z.string(),
  token: z.int(),
  remainingMs: z.number(),
});

const leaderRecord = z.object({
  term: z.int().nonnegative(),
  instance: z.string(),
  identity: z.string(),
  address: z.string(),
  isReleased: z.boolean(),
  leases: z.array(leaseTime),
});

/** Stands for a damaged message. Its leader may still act, until its next renewal is refused. */
const UNKNOWN_LEADER: LeaderRecord = {
  term: 0,
  instance: "",
  identity: "",
  address: "",
  isReleased: false,
  leases: [],
};

/**
 * A LeadershipStore in the stream of coordinators: the record is the message of a subject.
 *
 * In a damaged block of the stream nats-server 2.9 takes messages and finds none of them. It then
 * takes each record as the first one, from every coordinator. So a first record counts only once it
 * can be read; else the stream is emptied.
 */
export class NatsLeadershipStore implements LeadershipStore {
  readonly #connection: NatsConnection;
  readonly #stream: string;
  readonly #message: LastMessage;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, { coordinators: stream, leaderSubject: subject } = DEFAULT_NAMES) {
    this.#connection = connection;
    this.#stream = stream;
    this.#message = new LastMessage(connection, { stream, subject, timeoutMs: ANSWER_MS });
  }

  async read(): Promise<StoredLeader | undefined> {
    const message = await available("read the leadership", () => this.#message.read());
    return message && { record: decode(message.data), revision: message.seq };
  }

  async write(record: LeaderRecord, after: number): Promise<LeadershipWrite> {
    const body = JSON.stringify(record);
    const result = await this.#replace(after, body);
    if (after > 0 || result.kind === "conflict" || (await this.#isReadable())) return result;
    await this.#empty(result.revision);
    const repeated = await this.#replace(0, body);
    if (repeated.kind === "conflict" || (await this.#isReadable())) return repeated;
    throw new StoreUnavailableError("cannot read the leadership that NATS has stored");
  }

  async #replace(after: number, body: string): Promise<LeadershipWrite> {
    const revision = await available("write the leadership", () => this.#message.replace(after, body));
    return revision === undefined ? { kind: "conflict" } : { kind: "written", revision };
  }

  async #isReadable(): Promise<boolean> {
    return (await this.read()) !== undefined;
  }

  /** Erases the messages up to a revision, and not the record of a coordinator that was faster. */
  async #empty(revision: number): Promise<void> {
    await available("empty the stream of coordinators", async () => {
      const manager = await this.#connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
      await manager.streams.purge(this.#stream, { seq: revision + 1 });
    });
  }
}

function decode(data: Uint8Array): LeaderRecord {
  try {
    return leaderRecord.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return UNKNOWN_LEADER;
  }
}
