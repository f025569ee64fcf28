import { after, before, describe } from "node:test";
import { Network, type StartedNetwork, type StartedTestContainer } from "testcontainers";
import { assignmentsContract } from "../contract/assignments.js";
import { type NatsUnderTest, openAssignments, openStudyLog } from "../contract/nats-adapters.js";
import { studyLogContract } from "../contract/study-log.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";
import { NATS_PORT, natsContainer } from "./nats-container.js";

/** Describes the port contracts on NATS in a container of an image. */
export function describeNatsContracts(image: string): void {
  describe(`ports on NATS in a container (${image})`, () => {
    let network: StartedNetwork;
    let container: StartedTestContainer;
    // The contracts connect through a proxy, which simulates outages: a restarted container has
    // another port.
    let proxy: TcpProxy;

    before(async () => {
      network = await new Network().start();
      container = await natsContainer(image, network).start();
      proxy = await startTcpProxy({ host: container.getHost(), port: container.getMappedPort(NATS_PORT) });
    });
    after(async () => {
      await proxy?.close();
      await container?.stop();
      await network?.stop();
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
  });
}
