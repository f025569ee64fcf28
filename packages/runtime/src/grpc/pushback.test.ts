import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, ServerError, Status } from "nice-grpc-common";
import { createLogger } from "../logger.js";
import { type Connected, connectAdminService } from "./client.js";
import { OverloadError, OverloadStatus, sendPushback } from "./pushback.js";
import { OPEN_DOORS } from "./security/server-security.js";
import { type GrpcServer, service, startGrpcServer } from "./server.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const EXHAUSTED = Status.RESOURCE_EXHAUSTED;

describe("a server without room", () => {
  let server: GrpcServer;
  let connected: Connected<AdminServiceDefinition>;
  let calls: number;
  let refusals: readonly ServerError[];

  before(async () => {
    const getStudy: AdminServiceImplementation["getStudy"] = async ({ studyId }) => {
      calls += 1;
      const refusal = refusals[calls - 1];
      if (refusal !== undefined) throw refusal;
      return { study: { id: studyId } };
    };
    const names = Object.keys(AdminServiceDefinition.methods);
    const unused = Object.fromEntries(names.map((name) => [name, () => assert.fail("not expected")]));
    server = await startGrpcServer({
      host: "127.0.0.1",
      port: 0,
      services: [service(AdminServiceDefinition, { ...unused, getStudy } as AdminServiceImplementation)],
      middleware: [sendPushback],
      doors: OPEN_DOORS,
      logger,
    });
    connected = connectAdminService(`127.0.0.1:${server.port}`);
  });
  beforeEach(() => {
    calls = 0;
  });
  after(async () => {
    connected.close();
    await server.stop(0);
  });

  it("gets the call again after the delay that it asks, any number of times", async () => {
    refusals = Array.from({ length: 20 }, () => new OverloadStatus("Too many calls wait.", 1));
    assert.equal((await connected.client.getStudy({ studyId: "s" })).study?.id, "s");
    assert.equal(calls, 21);
  });

  it("gets the call no more once the time of the call is over", async () => {
    refusals = [new OverloadStatus("Too many calls wait.", 3_600_000)];
    const call = connected.client.getStudy({ studyId: "s" });
    await assert.rejects(call, (error) => error instanceof OverloadError && error.details === "Too many calls wait.");
    assert.equal(calls, 1);
  });

  it("gets no call again that it refuses without a delay", async () => {
    refusals = [new ServerError(EXHAUSTED, "The record is too large.")];
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), (error) => {
      return !(error instanceof OverloadError) && error instanceof ClientError && error.code === EXHAUSTED;
    });
    assert.equal(calls, 1);
  });

  it("gets no call again that its caller gave up", async () => {
    const caller = new AbortController();
    refusals = [new OverloadStatus("Too many calls wait.", 5_000)];
    const call = connected.client.getStudy(
      { studyId: "s" },
      { signal: caller.signal, onTrailer: () => caller.abort() },
    );
    await assert.rejects(call, { name: "AbortError" });
    assert.equal(calls, 1);
  });
});
