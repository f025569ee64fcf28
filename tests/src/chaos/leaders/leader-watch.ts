import { setTimeout as delay } from "node:timers/promises";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { connect, type NatsConnection } from "nats";
import type { LeaderRecordAt } from "./without-leader.js";

/** Time between two looks, in ms: a leader writes its record every second. */
const LOOK_MS = 250;
/** Time limit of one look, in ms. */
const ANSWER_MS = 500;

/** Reads the leaders' records from NATS while servers come and go. */
export class LeaderWatch {
  readonly #connections: readonly NatsConnection[];
  readonly #coordinatorOf: (address: string) => number;
  readonly #bySequence = new Map<number, LeaderRecordAt>();
  readonly #end = new AbortController();
  readonly #work: Promise<void>;

  private constructor(connections: readonly NatsConnection[], coordinatorOf: (address: string) => number) {
    this.#connections = connections;
    this.#coordinatorOf = coordinatorOf;
    this.#work = this.#watch();
  }

  /**
   * Connects to each server of its own, so that a server that is away hides no record.
   *
   * @param coordinatorOf - returns the number of the coordinator with an address
   */
  static async start(urls: readonly string[], coordinatorOf: (address: string) => number): Promise<LeaderWatch> {
    const options = { maxReconnectAttempts: -1, reconnectTimeWait: 100, ignoreClusterUpdates: true };
    const connections = urls.map((servers) => connect({ ...options, servers }));
    return new LeaderWatch(await Promise.all(connections), coordinatorOf);
  }

  /** The records so far, in their order. */
  get records(): readonly LeaderRecordAt[] {
    return [...this.#bySequence].sort(([a], [b]) => a - b).map(([, record]) => record);
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#work;
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  async #watch(): Promise<void> {
    while (!this.#end.signal.aborted) {
      // Ignored: while no server answers, no leader writes.
      await Promise.any(this.#connections.map((connection) => this.#look(connection))).catch(() => undefined);
      await delay(LOOK_MS, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  async #look(connection: NatsConnection): Promise<void> {
    const { coordinators: stream, leaderSubject } = DEFAULT_NAMES;
    const manager = await connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
    const message = await manager.streams.getMessage(stream, { last_by_subj: leaderSubject });
    const { term, address } = message.json<{ term: number; address: string }>();
    this.#bySequence.set(message.seq, { at: message.time.getTime(), term, coordinator: this.#coordinatorOf(address) });
  }
}
