// The audit of a JetStream: whether it may lose records that it has acknowledged.

import type { NatsConnection } from "nats";
import { messageOf } from "../../errors.js";

/** Time limit of an answer of a monitoring port, in milliseconds. */
const MONITOR_MS = 2_000;

/** Copies that survive the loss of one server. */
const COPIES = 3;

/** The facts about the servers and streams that decide about durability. */
export interface StoreFacts {
  readonly isCluster: boolean;
  readonly streams: readonly { readonly name: string; readonly copies: number }[];
  /**
   * The flush to disk of each server whose monitoring port is known: before each acknowledgement,
   * or in intervals; a text is the reason for which a port did not answer.
   */
  readonly flushes: readonly ("always" | "intervals" | { readonly unknown: string })[];
}

/** Returns the ways in which a store may lose acknowledged records, one line each. */
export function weaknesses({ isCluster, streams, flushes }: StoreFacts): readonly string[] {
  const few = streams.filter(({ copies }) => isCluster && copies < COPIES);
  const copies = few.map(({ name, copies: found }) => `stream ${name} has ${found} copies, 3 survive a lost server`);
  const flush = flushes.includes("intervals")
    ? ["a server flushes in intervals, so that a loss of power loses minutes: set sync_interval: always"]
    : [];
  const unknown = flushes.flatMap((found) => (typeof found === "object" ? [found.unknown] : []));
  const unseen = flushes.length === 0 ? ["sync_interval cannot be seen: set SINTONIA_NATS_MONITOR_URL"] : [];
  return [...copies, ...flush, ...unknown, ...unseen];
}

/**
 * Collects the facts of a JetStream.
 *
 * @param names - the streams that must keep their records
 * @param monitors - URLs of the monitoring ports of all servers, such as "http://nats:8222"
 * @throws {NatsError} if JetStream does not answer
 */
export async function storeFacts(
  connection: NatsConnection,
  names: readonly string[],
  monitors: readonly string[],
): Promise<StoreFacts> {
  const manager = await connection.jetstreamManager({ checkAPI: false });
  const streams = names.map(async (name) => {
    const { config } = await manager.streams.info(name);
    return { name, copies: config.num_replicas };
  });
  return {
    isCluster: connection.info?.cluster !== undefined,
    streams: await Promise.all(streams),
    flushes: await Promise.all(monitors.map(flushOf)),
  };
}

async function flushOf(monitor: string): Promise<StoreFacts["flushes"][number]> {
  try {
    const response = await fetch(new URL("/jsz", monitor), { signal: AbortSignal.timeout(MONITOR_MS) });
    const { config } = (await response.json()) as { config?: { sync_always?: boolean } };
    return config?.sync_always === true ? "always" : "intervals";
  } catch (error) {
    return { unknown: `monitoring port ${monitor} does not answer (${messageOf(error)})` };
  }
}
