import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { type Connected, connectAdminService } from "@sintonia/runtime/grpc/client";
import { LEADER_METADATA, UNCONFIRMED_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import { type Metadata, ServerError, Status } from "nice-grpc-common";
import type { Standing } from "../../../shell/leadership/leading.js";
import { leaderGate } from "./leader-gate.js";
import { presentService } from "./present-service.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const FOLLOWING: Standing = { kind: "following", leader: "a:1" };
const UNAVAILABLE = { code: Status.UNAVAILABLE };

describe("a coordinator at the edge", () => {
  let term: AbortController;
  let standing: Standing;
  let present: Partial<AdminServiceImplementation> | undefined;
  let server: GrpcServer;
  let connected: Connected<AdminServiceDefinition>;

  beforeEach(async () => {
    term = new AbortController();
    standing = { kind: "serving", signal: term.signal };
    present = { getStudy: async ({ studyId }) => ({ study: { id: studyId } }) };
    const implementation = presentService(AdminServiceDefinition, () => present as AdminServiceImplementation);
    server = await startGrpcServer({
      host: "127.0.0.1",
      port: 0,
      services: [service(AdminServiceDefinition, implementation)],
      middleware: [leaderGate(() => standing)],
      doors: OPEN_DOORS,
      logger,
    });
    connected = connectAdminService(`127.0.0.1:${server.port}`);
  });
  afterEach(async () => {
    connected.close();
    await server.stop(0);
  });

  it("answers with the services of the present term", async () => {
    assert.equal((await connected.client.getStudy({ studyId: "s" })).study?.id, "s");
    present = { getStudy: async () => ({ study: { id: "other" } }) };
    assert.equal((await connected.client.getStudy({ studyId: "s" })).study?.id, "other");
    present = undefined;
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), UNAVAILABLE);
  });

  it("refuses every call while it follows, with the leader's address", async () => {
    standing = FOLLOWING;
    let leader: unknown;
    const onTrailer = (trailer: Metadata): void => {
      leader = trailer.get(LEADER_METADATA);
    };
    const details = "The coordinator does not lead. The leader is at a:1.";
    await assert.rejects(connected.client.getStudy({ studyId: "s" }, { onTrailer }), { ...UNAVAILABLE, details });
    assert.equal(leader, "a:1");
  });

  it("refuses calls while it reads the logs, and while it cannot confirm that it leads", async () => {
    const said: boolean[] = [];
    const onTrailer = (trailer: Metadata): void => void said.push(trailer.has(UNCONFIRMED_METADATA));
    for (const kind of ["reading-logs", "unconfirmed"] as const) {
      standing = { kind };
      await assert.rejects(connected.client.getStudy({ studyId: "s" }, { onTrailer }), UNAVAILABLE);
    }
    assert.deepEqual(said, [false, true]);
  });

  it("keeps an answer back, or an error, that it has computed before it lost the leadership", async () => {
    const lose = (): void => {
      standing = FOLLOWING;
    };
    present = {
      getStudy: async () => {
        lose();
        return { study: { id: "stale" } };
      },
    };
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), UNAVAILABLE);
    standing = { kind: "serving", signal: term.signal };
    present = {
      getStudy: async () => {
        lose();
        throw new ServerError(Status.NOT_FOUND, "stale");
      },
    };
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), UNAVAILABLE);
  });

  it("keeps back the answers of a former term, and its errors", async () => {
    const next = (): void => {
      term.abort(new Error("this coordinator no longer leads"));
      term = new AbortController();
      standing = { kind: "serving", signal: term.signal };
    };
    const changed = { ...UNAVAILABLE, details: "The leadership changed during the call." };
    present = {
      getStudy: async ({ studyId }) => {
        next();
        return { study: { id: studyId } };
      },
    };
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), changed);
    present = {
      getStudy: async () => {
        const { signal } = term;
        next();
        throw signal.reason;
      },
    };
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), changed);
  });

  it("ends the streams of a term with the term", async () => {
    present = {
      async *watchStudy(_, { signal }) {
        yield { study: { id: "s" } };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    };
    const received: (string | undefined)[] = [];
    const follow = async (): Promise<void> => {
      for await (const { study } of connected.client.watchStudy({ studyId: "s" })) {
        received.push(study?.id);
        standing = FOLLOWING;
        term.abort();
      }
    };
    await assert.rejects(follow(), UNAVAILABLE);
    assert.deepEqual(received, ["s"]);
  });
});
