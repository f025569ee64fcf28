import { DEFAULT_NAMES, type NatsNames } from "@sintonia/runtime/nats/names";
import type { JetStreamManager, NatsConnection } from "nats";
import { z } from "zod";
import type { LeaderRecord, StoredLeader } from "../../core/leadership/leadership.js";
import type { LeadershipStore, LeadershipWrite } from "../../ports/leadership-store.js";
import { available, found } from "./availability.js";
import { publishAfter } from "./publish-after.js";

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
  isGraced: z.boolean(),
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
  readonly #names: NatsNames;
  readonly #connection: NatsConnection;
  readonly #manager: Promise<JetStreamManager>;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, names = DEFAULT_NAMES) {
    this.#names = names;
    this.#connection = connection;
    this.#manager = connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
  }

  async read(): Promise<StoredLeader | undefined> {
    return await available("read the leadership", async () => {
      const { streams } = await this.#manager;
      const message = await found(
        streams.getMessage(this.#names.coordinators, { last_by_subj: this.#names.leaderSubject }),
      );
      return message && { record: decode(message.data), revision: message.seq };
    });
  }

  async write(record: LeaderRecord, after: number): Promise<LeadershipWrite> {
    const target = {
      stream: this.#names.coordinators,
      subject: this.#names.leaderSubject,
      after,
      timeoutMs: ANSWER_MS,
    };
    return await available("write the leadership", async () => {
      const revision = await publishAfter(this.#connection, target, JSON.stringify(record));
      return revision === undefined ? { kind: "conflict" } : { kind: "written", revision };
    });
  }
}

function decode(data: Uint8Array): LeaderRecord {
  try {
    return leaderRecord.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return NO_LEADER;
  }
}
