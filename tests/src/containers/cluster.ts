import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Network, type StartedNetwork, type StartedTestContainer, Wait } from "testcontainers";
import type { ServiceName } from "../deploy/repository.js";
import { NATS_PORT, natsContainer } from "./nats-container.js";
import { ServiceContainer, stopService } from "./service-container.js";

const CLI = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));
const GRPC_PORT = 7230;

const run = promisify(execFile);

/** Names of the images of a cluster. */
export interface ClusterImages extends Readonly<Record<ServiceName, string>> {
  readonly nats: string;
}

/** NATS, a coordinator and a trainer in containers on one network. */
export class ContainerCluster {
  readonly #network: StartedNetwork;
  readonly #nats: StartedTestContainer;
  readonly #services = new Map<
    ServiceName,
    { readonly spec: ServiceContainer; readonly started: StartedTestContainer }
  >();

  private constructor(network: StartedNetwork, nats: StartedTestContainer) {
    this.#network = network;
    this.#nats = nats;
  }

  static async start(images: ClusterImages): Promise<ContainerCluster> {
    const network = await new Network().start();
    const cluster = new ContainerCluster(network, await natsContainer(images.nats, network).start());
    await cluster.#startServices(images).catch(async (error: unknown) => {
      await cluster.stop();
      throw error;
    });
    return cluster;
  }

  /** The services reach each other by addresses: the engine of the tests resolves no names. */
  async #startServices(images: ClusterImages): Promise<void> {
    const nats = { SINTONIA_NATS_URL: `nats://${this.#addressOf(this.#nats)}:${NATS_PORT}` };
    const coordinator = new ServiceContainer(images.coordinator, this.#network)
      .withExposedPorts(GRPC_PORT)
      .withWaitStrategy(Wait.forLogMessage(/coordinator ready/))
      .withEnvironment({ ...nats, SINTONIA_GRPC_SECURITY: "insecure", SINTONIA_NATS_SECURITY: "insecure" });
    const address = `${this.#addressOf(await this.#start("coordinator", coordinator))}:${GRPC_PORT}`;
    const trainer = new ServiceContainer(images.trainer, this.#network)
      .withWaitStrategy(Wait.forLogMessage(/engine ready/))
      .withEnvironment({ ...nats, SINTONIA_COORDINATOR_ADDRESS: address });
    await this.#start("trainer", trainer);
  }

  async #start(name: ServiceName, spec: ServiceContainer): Promise<StartedTestContainer> {
    const started = await spec.start().catch((cause: unknown) => {
      throw new Error(`the ${name} did not start; its log:\n${spec.log.join("\n")}`, { cause });
    });
    this.#services.set(name, { spec, started });
    return started;
  }

  #addressOf(container: StartedTestContainer): string {
    return container.getIpAddress(this.#network.getName());
  }

  /**
   * Runs a command of the command line program on the coordinator.
   *
   * @returns its standard output
   * @throws if it fails
   */
  async sintonia(...args: string[]): Promise<string> {
    const coordinator = this.#services.get("coordinator")?.started;
    const address = `${coordinator?.getHost()}:${coordinator?.getMappedPort(GRPC_PORT)}`;
    const env = { ...process.env, SINTONIA_COORDINATOR_ADDRESS: address };
    const { stdout } = await run(process.execPath, [CLI, ...args], { env });
    return stdout;
  }

  /** Lines that the services have logged. */
  log(): readonly string[] {
    return [...this.#services.values()].flatMap(({ spec }) => spec.log);
  }

  /** Ends the services, trainers first. @returns their exit codes */
  async stopServices(): Promise<Readonly<Record<string, number>>> {
    const codes: Record<string, number> = {};
    for (const [name, { started }] of [...this.#services].reverse()) {
      codes[name] = await stopService(started);
      this.#services.delete(name);
    }
    return codes;
  }

  /** Ends and removes all containers and the network. */
  async stop(): Promise<void> {
    await this.stopServices();
    await this.#nats.stop();
    await this.#network.stop();
  }
}
