import { GenericContainer, type StartedNetwork, Wait } from "testcontainers";

/** The port of NATS in its container. */
export const NATS_PORT = 4222;

/** Upper limit for the start of a container, in milliseconds. */
const START_DEADLINE_MS = 60_000;

/** Describes a container of NATS with JetStream, not yet started. */
export function natsContainer(image: string, network: StartedNetwork): GenericContainer {
  return new GenericContainer(image)
    .withEntrypoint(["nats-server"])
    .withCommand(["--jetstream", "--store_dir", "/tmp/jetstream"])
    .withNetwork(network)
    .withExposedPorts(NATS_PORT)
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .withStartupTimeout(START_DEADLINE_MS);
}
