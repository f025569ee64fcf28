import { after, before, describe } from "node:test";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { assignmentsContract } from "./assignments.js";
import { type NatsUnderTest, openAssignments, openStudyLog } from "./nats-adapters.js";
import { studyLogContract } from "./study-log.js";

describe("ports on nats-server", () => {
  let server: NatsServer;
  before(async () => {
    server = await startNatsServer();
  });
  after(() => server.stop());

  const underTest = (): NatsUnderTest => ({
    host: "127.0.0.1",
    port: server.port,
    outage: async () => {
      await server.kill();
      return () => server.restart();
    },
  });
  studyLogContract("nats", () => openStudyLog(underTest()));
  assignmentsContract("nats", () => openAssignments(underTest()));
});
