import { EVENTS_STREAM } from "@sintonia/runtime/nats/topology";
import type { NatsConnection } from "nats";
import { available } from "./availability.js";

/** Time limit of the server's answer, in milliseconds. */
const ANSWER_MS = 2_000;

/**
 * Checks that JetStream answers about the stream of the study logs.
 *
 * @throws {StoreUnavailableError} if it does not
 */
export async function checkJetStream(connection: NatsConnection): Promise<void> {
  await available("reach the study logs", async () => {
    const manager = await connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
    await manager.streams.info(EVENTS_STREAM);
  });
}
