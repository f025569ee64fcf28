import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { openChannel } from "@sintonia/runtime/grpc/client";
import { LEADER_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { PUSHBACK_METADATA } from "@sintonia/runtime/grpc/pushback";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import { type GrpcServer, service, startGrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import { type CallOptions, type Channel, createClient, createClientFactory, Metadata, Status } from "nice-grpc";
import { type CallContext, ServerError } from "nice-grpc-common";
import { ErrorInfo, errorDetailsClientMiddleware, RetryInfo, RichClientError } from "nice-grpc-error-details";
import type { AuditEntry } from "../../../ports/audit-log.js";
import type { Standing } from "../../../shell/leadership/leading.js";
import { OverloadedError } from "../../../shell/study/waiting-inputs.js";
import { statusError } from "../edge/status.js";
import { type CoordinatorServer, startCoordinatorServer, type TermServices } from "../server.js";
import { encodedDefinition } from "./encoded-messages.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const factory = createClientFactory().use(errorDetailsClientMiddleware);

/** Handlers of single calls. */
type Handlers = Readonly<Record<string, (request: never, context: CallContext) => unknown>>;

/** A coordinator with handlers, whose standing a test sets. */
class Member {
  standing: Standing = { kind: "following", leader: undefined };
  handlers: Handlers = {};
  readonly entries: AuditEntry[] = [];
  readonly term = new AbortController();
  server: CoordinatorServer | undefined;

  async start(): Promise<void> {
    const all = new Proxy({}, { get: (_, name) => this.handlers[String(name)] });
    this.server = await startCoordinatorServer(
      {
        standing: () => this.standing,
        services: () => ({ trainer: all, admin: all }) as unknown as TermServices,
        logger,
        audit: { record: (entry) => void this.entries.push(entry), close: async () => undefined },
      },
      { host: "127.0.0.1", port: 0, security: OPEN_DOORS },
    );
  }

  get address(): string {
    return `127.0.0.1:${this.server?.port}`;
  }

  lead(): void {
    this.standing = { kind: "serving", signal: this.term.signal };
  }

  follow(leader: Member | undefined): void {
    this.standing = { kind: "following", leader: leader?.address };
    this.server?.setLeader(leader?.address);
  }
}

describe("a coordinator that follows", () => {
  let leader: Member;
  let follower: Member;
  let channel: Channel;

  beforeEach(async () => {
    [leader, follower] = [new Member(), new Member()];
    await Promise.all([leader.start(), follower.start()]);
    leader.lead();
    follower.follow(leader);
    channel = openChannel(follower.address, {});
  });
  afterEach(async () => {
    channel.close();
    await Promise.all([leader.server?.stop(0), follower.server?.stop(0)]);
  });

  const admin = () => factory.create(AdminServiceDefinition, channel);
  const trainers = () => factory.create(TrainerServiceDefinition, channel);

  /** Returns the error of a call with details, and its metadata at the end. */
  async function refusal(options: CallOptions = {}): Promise<{ error: RichClientError; trailer: Metadata }> {
    let trailer = Metadata();
    const onTrailer = (received: Metadata): void => {
      trailer = received;
    };
    const error = await admin()
      .getStudy({ studyId: "s" }, { ...options, onTrailer })
      .then(
        () => assert.fail("the call is answered"),
        (fault: unknown) => fault,
      );
    assert.ok(error instanceof RichClientError, String(error));
    return { error, trailer };
  }

  it("answers calls of every kind through the leader", async () => {
    leader.handlers = {
      getStudy: ({ studyId }: { studyId: string }) => ({ study: { id: studyId } }),
      watchStudy: async function* ({ studyId }: { studyId: string }) {
        for (const id of [studyId, "b"]) yield { study: { id } };
      },
      uploadFile: async (parts: AsyncIterable<{ part: { value: Uint8Array } }>) => {
        let receivedBytes = 0;
        for await (const { part } of parts) receivedBytes += part.value.length;
        return { file: { sizeBytes: receivedBytes } };
      },
      reportEpochs: async function* (reports: AsyncIterable<{ measurement: { epoch: number } }>) {
        for await (const { measurement } of reports) yield { retryAfterMs: measurement.epoch };
      },
    };
    assert.equal((await admin().getStudy({ studyId: "a" })).study?.id, "a");
    const seen: unknown[] = [];
    for await (const { study } of admin().watchStudy({ studyId: "a" })) seen.push(study?.id);
    assert.deepEqual(seen, ["a", "b"]);
    const chunk = Buffer.alloc(200_000);
    const chunks = (async function* () {
      for (let sent = 0; sent < 20; sent += 1) yield { part: { $case: "chunk" as const, value: chunk } };
    })();
    assert.equal((await admin().uploadFile(chunks)).file?.sizeBytes, 20 * chunk.length);
    const answers: unknown[] = [];
    const reports = (async function* () {
      for (const epoch of [1, 2, 3]) {
        yield { measurement: { epoch } };
        while (answers.length < epoch) await new Promise(setImmediate);
      }
    })();
    for await (const { retryAfterMs } of trainers().reportEpochs(reports)) answers.push(retryAfterMs);
    assert.deepEqual(answers, [1, 2, 3]);
  });

  it("passes metadata to the leader, and its status, details and metadata back", async () => {
    const received: unknown[] = [];
    leader.handlers = {
      getStudy: (_, { metadata, header }) => {
        received.push(metadata.get("traceparent"), Buffer.from(metadata.get("x-bin") ?? "").toString());
        header.set("x-header", "h");
        throw statusError(new OverloadedError("calls"));
      },
    };
    const sent = Metadata({ traceparent: "00-1" }).set("x-bin", Buffer.from("bytes"));
    let header: string | undefined;
    const onHeader = (metadata: Metadata): void => {
      header = metadata.get("x-header");
    };
    const { error, trailer } = await refusal({ metadata: sent, onHeader });
    assert.deepEqual(received, ["00-1", "bytes"]);
    assert.equal(header, "h");
    assert.equal(error.code, Status.RESOURCE_EXHAUSTED);
    assert.deepEqual(error.extra, [
      ErrorInfo.fromPartial({ reason: "OVERLOADED", domain: "sintonia" }),
      RetryInfo.fromPartial({ retryDelay: { seconds: 0, nanos: 500_000_000 } }),
    ]);
    assert.equal(trailer.get(PUSHBACK_METADATA), "500");
  });

  it("keeps the bytes of a message, also of a field that this version does not know", async () => {
    // Field 1 is study_id; field 2000 is of a later version.
    const request = Buffer.concat([Buffer.from([0x0a, 1, 0x73]), Buffer.from([0x82, 0x7d, 1, 0x78])]);
    const later = await startEcho();
    follower.standing = { kind: "following", leader: `127.0.0.1:${later.port}` };
    const answer = await encodedClient(channel)["getStudy"]?.(request);
    await later.stop(0);
    assert.deepEqual(answer, request);
  });

  it("ends the leader's call with a call that the caller cancels, and with its deadline", async () => {
    const ends: Promise<unknown>[] = [];
    let begun: () => void = () => undefined;
    leader.handlers = {
      getStudy: (_, { signal }) => {
        ends.push(once(signal, "abort"));
        begun();
        return new Promise(() => undefined);
      },
    };
    const cancel = new AbortController();
    begun = () => cancel.abort();
    await assert.rejects(admin().getStudy({}, { signal: cancel.signal }), { name: "AbortError" });
    const metadata = Metadata({ "grpc-timeout": "1S" });
    await assert.rejects(admin().getStudy({}, { metadata }), { code: Status.DEADLINE_EXCEEDED });
    assert.equal((await Promise.all(ends)).length, 2);
  });

  it("forwards no call a second time", async () => {
    const third = new Member();
    await third.start();
    third.follow(leader);
    follower.follow(third);
    const { error, trailer } = await refusal();
    await third.server?.stop(0);
    assert.equal(error.code, Status.UNAVAILABLE);
    assert.equal(error.details, `The coordinator does not lead. The leader is at ${leader.address}.`);
    assert.equal(trailer.get(LEADER_METADATA), leader.address);
    assert.deepEqual(error.extra, [
      ErrorInfo.fromPartial({ reason: "NOT_LEADING", domain: "sintonia", metadata: { leader: leader.address } }),
      RetryInfo.fromPartial({ retryDelay: { seconds: 1, nanos: 0 } }),
    ]);
  });

  it("asks for a repeat while no leader is known", async () => {
    follower.follow(undefined);
    const { error } = await refusal();
    assert.equal(error.code, Status.UNAVAILABLE);
    assert.equal(error.details, "The coordinator does not lead, and no leader is known yet.");
    assert.equal(error.extra.length, 2);
  });

  it("says in one line that the leader cannot be reached, and where it is", async () => {
    const placeholder = createServer().listen(0, "127.0.0.1");
    await once(placeholder, "listening");
    const { port } = placeholder.address() as { port: number };
    placeholder.close();
    await once(placeholder, "close");
    follower.standing = { kind: "following", leader: `127.0.0.1:${port}` };
    const { error, trailer } = await refusal();
    assert.equal(error.code, Status.UNAVAILABLE);
    assert.equal(error.details, `The leader at 127.0.0.1:${port} does not answer (connection refused).`);
    assert.equal(trailer.get(LEADER_METADATA), `127.0.0.1:${port}`);
  });

  describe("with an open stream", () => {
    let updates: AsyncIterator<unknown>;
    beforeEach(async () => {
      leader.handlers = {
        watchStudy: async function* (_, { signal }) {
          yield { study: { id: "s" } };
          await once(signal, "abort");
        },
      };
      updates = admin().watchStudy({ studyId: "s" })[Symbol.asyncIterator]();
      await updates.next();
    });

    const endsUnavailable = (): Promise<void> => assert.rejects(updates.next(), { code: Status.UNAVAILABLE });

    it("ends it as UNAVAILABLE when the leader loses its term", async () => {
      leader.standing = { kind: "following", leader: undefined };
      leader.term.abort();
      await endsUnavailable();
    });

    it("ends it as UNAVAILABLE when the leader ends", async () => {
      await Promise.all([leader.server?.stop(0), endsUnavailable()]);
    });

    it("ends it as UNAVAILABLE when it ends itself", async () => {
      await Promise.all([follower.server?.stop(0), endsUnavailable()]);
    });

    it("ends it as UNAVAILABLE when another coordinator leads, without a word of the former one", async () => {
      follower.follow(undefined);
      await endsUnavailable();
    });
  });

  it("leaves the audit trail to the leader, with the address of the caller and its own", async () => {
    leader.handlers = { stopStudy: () => ({ study: { id: "s" } }) };
    await admin().stopStudy({ studyId: "s" });
    assert.equal(follower.entries.length, 0);
    const [entry] = leader.entries;
    assert.match(String(entry?.peer), /^127\.0\.0\.1:\d+$/);
    assert.match(String(entry?.via), /^127\.0\.0\.1:\d+$/);
    assert.notEqual(entry?.peer, entry?.via);
    assert.deepEqual([entry?.call, entry?.study, entry?.outcome], ["StopStudy", "s", "OK"]);
  });

  it("passes an error of the leader on that gRPC too has for broken connections", async () => {
    leader.handlers = {
      getStudy: () => {
        throw new ServerError(Status.UNKNOWN, "a reason");
      },
    };
    await assert.rejects(admin().getStudy({}), { code: Status.UNKNOWN, details: "a reason" });
  });
});

type EncodedClient = Readonly<Record<string, (request: Uint8Array) => Promise<Uint8Array>>>;

function encodedClient(channel: Channel): EncodedClient {
  return createClient(encodedDefinition(AdminServiceDefinition), channel) as unknown as EncodedClient;
}

/** Starts a coordinator of another version, which answers with the bytes of the request. */
async function startEcho(): Promise<GrpcServer> {
  const echo = (bytes: unknown): unknown => bytes;
  const names = Object.keys(AdminServiceDefinition.methods);
  const implementation = Object.fromEntries(names.map((name) => [name, echo]));
  const definition = encodedDefinition(AdminServiceDefinition);
  const services = [service(definition, implementation as never)];
  return await startGrpcServer({ host: "127.0.0.1", port: 0, services, logger, doors: OPEN_DOORS });
}
