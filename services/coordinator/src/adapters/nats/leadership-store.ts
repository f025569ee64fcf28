import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { LeaderRecord, StoredLeader } from "../../core/leadership/leadership.js";
import type { LeadershipStore, LeadershipWrite } from "../../ports/leadership-store.js";
import { available } from "./availability.js";
import { LastMessage } from "./last-message.js";

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

/** Stands for a message that no coordinator wrote: every coordinator may replace it. */
const NO_LEADER: LeaderRecord = { term: 0, instance: "", identity: "", address: "", isReleased: true, leases: [] };

/** A LeadershipStore in the stream of coordinators: the record is the message of a subject. */
export class NatsLeadershipStore implements LeadershipStore {
  readonly #message: LastMessage;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, { coordinators: stream, leaderSubject: subject } = DEFAULT_NAMES) {
    this.#message = new LastMessage(connection, { stream, subject, timeoutMs: ANSWER_MS });
  }

  async read(): Promise<StoredLeader | undefined> {
    const message = await available("read the leadership", () => this.#message.read());
    return message && { record: decode(message.data), revision: message.seq };
  }

  async write(record: LeaderRecord, after: number): Promise<LeadershipWrite> {
    const body = JSON.stringify(record);
    const revision = await available("write the leadership", () => this.#message.replace(after, body));
    return revision === undefined ? { kind: "conflict" } : { kind: "written", revision };
  }
}

function decode(data: Uint8Array): LeaderRecord {
  try {
    return leaderRecord.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return NO_LEADER;
  }
}
