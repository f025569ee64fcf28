import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { assignmentsContract } from "./assignments.js";
import { cordonStoreContract } from "./coordinators/cordon-store.js";
import { leadershipStoreContract, recordOf } from "./coordinators/leadership-store.js";
import {
  forgeLeader,
  type NatsUnderTest,
  openAssignments,
  openCordonStore,
  openLeadershipStore,
  openStudyLog,
} from "./nats-adapters.js";
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
  cordonStoreContract("nats", () => openCordonStore(underTest()));
  leadershipStoreContract("nats", () => openLeadershipStore(underTest()));

  it("lets every coordinator replace a record that no coordinator wrote, and does not call it released", async () => {
    const { store, close } = await openLeadershipStore(underTest());
    await store.write(recordOf("a", 1), 0);
    await forgeLeader(underTest());
    const stored = await store.read();
    assert.equal(stored?.record.isReleased, false);
    assert.equal((await store.write(recordOf("b", 2), stored?.revision ?? 0)).kind, "written");
    await close();
  });
});
