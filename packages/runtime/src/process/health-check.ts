import { ClientError, createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { messageOf } from "../errors.js";
import { connectionFault } from "../grpc/connection-fault.js";

/** SERVING in grpc.health.v1, whose enum the package does not export. */
const SERVING = 1;

/**
 * Asks a server without TLS for its health.
 *
 * @param address - "host:port"
 * @param timeoutMs - limit of the answer in ms
 * @returns the fault in one line; undefined if the server serves
 */
export async function healthFault(address: string, timeoutMs: number): Promise<string | undefined> {
  const channel = createChannel(address, undefined, { "grpc.enable_http_proxy": 0 });
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status } = await createClient(HealthDefinition, channel).check({ service: "" }, { signal });
    return status === SERVING ? undefined : `the server at ${address} answers that it does not serve`;
  } catch (error) {
    const reason = error instanceof ClientError ? connectionFault(error.details).reason : messageOf(error);
    return `the server at ${address} does not answer (${reason})`;
  } finally {
    channel.close();
  }
}
