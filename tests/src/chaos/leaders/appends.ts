// The time without stored records after the leader of a stream of three copies was killed.

import { setTimeout as delay } from "node:timers/promises";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import type { JetStreamManager } from "nats";
import { type NatsCluster, startNatsCluster } from "../../support/nats-cluster.js";

/** Pause between two appends, in ms. */
const PAUSE_MS = 20;
/** Time of appends before and after each loss of the leader, in ms: above every gap seen. */
const WATCH_MS = 15_000;
/** Time between two looks at the copies of a stream, in ms. */
const LOOK_MS = 200;

/** Appends records to a log one after another, and notes when each was stored. */
class Appender {
  readonly storedAt: number[] = [];
  readonly #log: NatsStudyLog;
  readonly #end = new AbortController();
  readonly #work: Promise<void>;

  constructor(log: NatsStudyLog) {
    this.#log = log;
    this.#work = this.#append();
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#work;
  }

  /** A record keeps its id until it is stored, so that a repeat stores it once. */
  async #append(): Promise<void> {
    let after = 0;
    for (let id = 0; !this.#end.signal.aborted; ) {
      const result = await this.#log
        .append("appends", new Uint8Array(500), { after, id: `record ${id}` })
        // Ignored: the same record is tried again.
        .catch(() => undefined);
      if (result?.kind === "conflict") throw new Error("another writer appends to the log");
      if (result !== undefined) {
        after = result.revision;
        id += 1;
        this.storedAt.push(performance.now());
      }
      await delay(PAUSE_MS);
    }
  }
}

/**
 * Kills the leader of the stream of events several times.
 *
 * @param progress - receives a line for each time
 * @returns the longest time between two stored records around each kill, in ms
 */
export async function gapsOfAppends(count: number, progress: (line: string) => void): Promise<readonly number[]> {
  const cluster = await startNatsCluster(3);
  const logger = createLogger({ service: "chaos", instance: "appends", level: "silent" });
  const connection = await connectNats({
    settings: { natsUrl: parseServers(cluster.urls) },
    name: "appends",
    role: "coordinator",
    logger,
  });
  await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
  const manager = await connection.jetstreamManager({ checkAPI: false });
  const appender = new Appender(new NatsStudyLog(connection));
  const gaps: number[] = [];
  for (let time = 0; time < count; time += 1) {
    const from = appender.storedAt.length;
    const leader = await killLeader(cluster, manager);
    await delay(WATCH_MS);
    gaps.push(longestGap(appender.storedAt.slice(Math.max(0, from - 1))));
    progress(
      `stream leader ${leader} killed: longest time between two stored records ${Math.round(gaps.at(-1) ?? 0)} ms`,
    );
    await cluster.servers.get(leader)?.restart();
    await untilCurrent(manager);
  }
  await appender.close();
  await connection.close();
  await cluster.stop();
  return gaps;
}

async function killLeader(cluster: NatsCluster, manager: JetStreamManager): Promise<string> {
  const { cluster: placement } = await manager.streams.info(DEFAULT_NAMES.events);
  const leader = placement?.leader ?? "";
  await cluster.servers.get(leader)?.kill();
  return leader;
}

/** Waits until every copy of the stream has caught up with its leader. */
async function untilCurrent(manager: JetStreamManager): Promise<void> {
  for (;;) {
    // Ignored: without a leader the stream has no answer.
    const info = await manager.streams.info(DEFAULT_NAMES.events).catch(() => undefined);
    const replicas = info?.cluster?.replicas ?? [];
    if (replicas.length === 2 && replicas.every(({ current, offline }) => current && !offline)) return;
    await delay(LOOK_MS);
  }
}

function longestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}
