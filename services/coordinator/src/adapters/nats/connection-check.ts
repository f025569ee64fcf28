import { mendQueue, type StreamOptions } from "@sintonia/runtime/nats/topology";
import type { NatsConnection } from "nats";
import { available } from "./requests/availability.js";

/** Time limit of the server's answer, in milliseconds. */
const ANSWER_MS = 2_000;

/**
 * Checks that JetStream answers about the stream of the study logs, and makes the queue of
 * assignments again if somebody deleted it. Without the queue all work would stop in silence.
 *
 * @throws {StoreUnavailableError} if JetStream does not answer, or if the study logs are gone
 */
export async function checkJetStream(connection: NatsConnection, options: StreamOptions): Promise<void> {
  await available("reach the study logs", async () => {
    const manager = await connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
    await manager.streams.info(options.names.events);
    await mendQueue(connection, manager, options);
  });
}
