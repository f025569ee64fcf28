import type { IContainer } from "kubernetes-models/v1/Container";
import type { IProbe } from "kubernetes-models/v1/Probe";
import { createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";

/** SERVING in grpc.health.v1, whose enum the package does not export. */
const SERVING = 1;

/**
 * Probes a container once.
 *
 * @param address - of the pod
 * @returns true if it succeeds
 * @throws if the probe is of a kind that no manifest of ours uses
 */
export async function probeOnce(probe: IProbe, container: IContainer, address: string): Promise<boolean> {
  const signal = AbortSignal.timeout((probe.timeoutSeconds ?? 1) * 1_000);
  const { grpc, httpGet } = probe;
  if (grpc) return await isServing(`${address}:${grpc.port}`, grpc.service ?? "", signal);
  if (httpGet === undefined) throw new Error(`${container.name} has a probe that the stand-in does not know`);
  const port = container.ports?.find(({ name }) => name === httpGet.port)?.containerPort ?? httpGet.port;
  try {
    return (await fetch(`http://${address}:${port}${httpGet.path ?? "/"}`, { signal })).ok;
  } catch {
    return false; // Ignored: a container that does not answer fails its probe.
  }
}

async function isServing(address: string, service: string, signal: AbortSignal): Promise<boolean> {
  const channel = createChannel(address, undefined, { "grpc.enable_http_proxy": 0 });
  try {
    return (await createClient(HealthDefinition, channel).check({ service }, { signal })).status === SERVING;
  } catch {
    return false; // Ignored: a container that does not answer fails its probe.
  } finally {
    channel.close();
  }
}
