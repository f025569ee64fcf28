import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedNetwork,
  type StartedTestContainer,
} from "testcontainers";

/** Memory limit of a container in GiB, as in deploy/k8s/base for the trainer. */
const MEMORY_GIB = 1;

/** Longest time from SIGTERM to the end of a service, in ms, as in deploy/k8s/base. */
const GRACE_MS = 45_000;

/** A container of one of our images under the restrictions of its pod (deploy/k8s/base). */
export class ServiceContainer extends GenericContainer {
  /** Lines of the service's log. */
  readonly log: string[] = [];

  constructor(image: string, network: StartedNetwork) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withUser("1000:1000")
      .withDroppedCapabilities("ALL")
      .withSecurityOpt("no-new-privileges")
      .withResourcesQuota({ memory: MEMORY_GIB })
      .withNetwork(network)
      .withLogConsumer((stream) => stream.on("data", (line) => this.log.push(String(line).trimEnd())));
  }
}

/** Ends a service as Kubernetes does. @returns its exit code */
export async function stopService(container: StartedTestContainer): Promise<number> {
  await container.stop({ timeout: GRACE_MS, remove: false });
  const { container: client } = await getContainerRuntimeClient();
  const stopped = client.getById(container.getId());
  const { State } = await client.inspect(stopped);
  await client.remove(stopped, { removeVolumes: true });
  return State.ExitCode;
}
