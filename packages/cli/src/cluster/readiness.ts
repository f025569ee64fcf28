// The checks that tell when a process of the cluster can be used.

import { createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { probeServer } from "../nats/probe.js";
import { waitUntil } from "../system/waiting.js";

/**
 * Time limit until nats-server answers: it first reads its store, which may be large, or Docker
 * pulls the image.
 */
const NATS_READY_MS = 300_000;
/**
 * Time limit until the coordinator serves: it waits up to 30 s for NATS and then replays its log.
 */
const COORDINATOR_READY_MS = 60_000;
/** SERVING in grpc.health.v1, whose enum the package does not export. */
const SERVING = 1;

/**
 * Waits until nats-server listens at a loopback port with JetStream.
 *
 * @throws {UserError} after the time limit
 */
export function natsReady(port: number, signal: AbortSignal): Promise<void> {
  const check = async (): Promise<boolean> => (await probeServer("127.0.0.1", port))?.jetstream === true;
  return waitUntil(check, { signal, timeoutMs: NATS_READY_MS, what: "nats-server does not answer" });
}

/** Waits until the coordinator at `address` serves. @throws {UserError} after the time limit */
export function coordinatorReady(address: string, signal: AbortSignal): Promise<void> {
  const what = "the coordinator does not serve";
  return waitUntil(() => isServing(address), { signal, timeoutMs: COORDINATOR_READY_MS, what });
}

async function isServing(address: string): Promise<boolean> {
  const channel = createChannel(address, undefined, { "grpc.enable_http_proxy": 0 });
  try {
    const { status } = await createClient(HealthDefinition, channel).check({ service: "" });
    return status === SERVING;
  } catch {
    return false; // Ignored: a server that does not listen yet does not serve.
  } finally {
    channel.close();
  }
}
