import { createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";

/** SERVING in grpc.health.v1, whose enum the package does not export. */
const SERVING = 1;

/** Whether a gRPC server at `host:port` says that it serves. Never throws. */
export async function isServing(address: string): Promise<boolean> {
  const channel = createChannel(address, undefined, { "grpc.enable_http_proxy": 0 });
  try {
    const { status } = await createClient(HealthDefinition, channel).check({ service: "" });
    return status === SERVING;
  } catch {
    return false; // Ignored: it does not listen yet, which is what was asked.
  } finally {
    channel.close();
  }
}
