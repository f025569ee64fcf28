// Port contracts on NATS in a container. SINTONIA_NATS_IMAGE names the image.
import { after, before, describe, it } from "node:test";
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from "testcontainers";
import { assignmentsContract } from "../contract/assignments.js";
import { type NatsUnderTest, openAssignments, openStudyLog } from "../contract/nats-adapters.js";
import { studyLogContract } from "../contract/study-log.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

const IMAGE = process.env["SINTONIA_NATS_IMAGE"] || "nats:2.12-alpine";
const NATS_PORT = 4222;

/** Upper limit for the download and start of the image, in milliseconds. */
const START_DEADLINE_MS = 180_000;

const missing = await missingEngine();
if (missing === undefined) describe(`ports on NATS in a container (${IMAGE})`, describeContracts);
else it("ports on NATS in a container", { skip: missing }, () => undefined);

/** Returns the reason why no container can start; undefined if one can. */
async function missingEngine(): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `no Docker engine answers (${reason}): start one, or point DOCKER_HOST to one`;
  }
}

function describeContracts(): void {
  let container: StartedTestContainer;
  // The contracts connect through a proxy, which simulates outages: a restarted container has
  // another port.
  let proxy: TcpProxy;

  before(async () => {
    container = await new GenericContainer(IMAGE)
      .withCommand(["--jetstream", "--store_dir", "/tmp/jetstream"])
      .withExposedPorts(NATS_PORT)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .withStartupTimeout(START_DEADLINE_MS)
      .start();
    proxy = await startTcpProxy({ host: container.getHost(), port: container.getMappedPort(NATS_PORT) });
  });
  after(async () => {
    await proxy?.close();
    await container?.stop();
  });

  const underTest = (): NatsUnderTest => ({
    host: "127.0.0.1",
    port: proxy.port,
    outage: async () => {
      proxy.cut();
      return async () => proxy.heal();
    },
  });
  studyLogContract("nats container", () => openStudyLog(underTest()));
  assignmentsContract("nats container", () => openAssignments(underTest()));
}
