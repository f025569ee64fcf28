import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Client, credentials } from "@grpc/grpc-js";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { ClientError, createChannel, createClient, ServerError, Status } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { createLogger } from "../logger.js";
import { connectAdminService } from "./client.js";
import { readDescriptorSet } from "./descriptor-set.js";
import { OPEN_DOORS } from "./security/server-security.js";
import { addressOf, type GrpcServer, type GrpcServerOptions, service, startGrpcServer } from "./server.js";

const lines: string[] = [];
const logger = createLogger({
  service: "test",
  instance: "test",
  level: "debug",
  destination: { write: (line) => void lines.push(line) },
});

/**
 * Returns the options of a server whose admin service has the given methods; others fail a test.
 */
function admin(methods: Partial<AdminServiceImplementation>): GrpcServerOptions {
  const unused = () => assert.fail("not expected");
  const names = Object.keys(AdminServiceDefinition.methods);
  const implementation = { ...Object.fromEntries(names.map((name) => [name, unused])), ...methods };
  return {
    host: "127.0.0.1",
    port: 0,
    services: [service(AdminServiceDefinition, implementation as AdminServiceImplementation)],
    logger,
    doors: OPEN_DOORS,
  };
}

describe("a gRPC server", () => {
  let server: GrpcServer;
  let connected: ReturnType<typeof connectAdminService>;
  let channel: ReturnType<typeof createChannel>;
  const start = async (options: GrpcServerOptions): Promise<void> => {
    server = await startGrpcServer(options);
    connected = connectAdminService(`127.0.0.1:${server.port}`);
    channel = createChannel(`127.0.0.1:${server.port}`);
  };
  beforeEach(() => {
    lines.length = 0;
  });
  afterEach(async () => {
    connected.close();
    channel.close();
    await server.stop(0);
  });

  it("answers calls and streams through the typed client", async () => {
    await start(
      admin({
        getStudy: async ({ studyId }) => ({ study: { id: studyId, maxTrials: 10 } }),
        downloadArtifact: async function* () {
          yield { chunk: Buffer.from("one") };
          yield { chunk: Buffer.from("two") };
        },
      }),
    );
    const { study } = await connected.client.getStudy({ studyId: "s" });
    assert.equal(study?.id, "s");
    assert.equal(study?.maxTrials, 10);
    const chunks = [];
    for await (const { chunk } of connected.client.downloadArtifact({ studyId: "s" })) chunks.push(chunk.toString());
    assert.deepEqual(chunks, ["one", "two"]);
  });

  it("passes a ServerError to the caller and logs no error", async () => {
    const fault = new ServerError(Status.NOT_FOUND, "study s does not exist");
    await start(admin({ getStudy: () => Promise.reject(fault) }));
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), {
      name: "ClientError",
      code: Status.NOT_FOUND,
      details: "study s does not exist",
    });
    assert.ok(lines.every((line) => !line.includes('"level":"error"')));
  });

  it("sends an unknown error as INTERNAL without details, and logs it with its cause", async () => {
    const fault = new Error("secret path", { cause: new Error("root cause") });
    await start(admin({ getStudy: () => Promise.reject(fault) }));
    await assert.rejects(connected.client.getStudy({ studyId: "s" }), (error) => {
      assert.ok(error instanceof ClientError);
      assert.equal(error.code, Status.INTERNAL);
      assert.doesNotMatch(error.details, /secret|cause/);
      return true;
    });
    const logged = lines.find((line) => line.includes('"level":"error"')) ?? "";
    assert.match(logged, /GetStudy.*secret path.*root cause/);
  });

  it("refuses a message of more than 4 MiB", async () => {
    await start(admin({}));
    const spec = "x".repeat(5 * 1024 * 1024);
    await assert.rejects(connected.client.createStudy({ spec }), { code: Status.RESOURCE_EXHAUSTED });
  });

  it("ends a call as UNAVAILABLE that is still pending after the grace period of stop", async () => {
    await start(
      admin({
        watchStudy: async function* (_, { signal }) {
          yield {};
          await once(signal, "abort");
        },
      }),
    );
    const updates = connected.client.watchStudy({ studyId: "s" })[Symbol.asyncIterator]();
    await updates.next();
    const [cut] = await Promise.allSettled([updates.next(), server.stop(1)]);
    assert.equal(cut.status === "rejected" && cut.reason.code, Status.UNAVAILABLE);
  });

  it("reports that it is not serving until setServing", async () => {
    await start(admin({}));
    const health = createClient(HealthDefinition, channel);
    const statusOf = async (name: string) => (await health.check({ service: name })).status;
    const [NOT_SERVING, SERVING] = [2, 1];
    const names = ["", "sintonia.v1.AdminService"];
    assert.deepEqual(await Promise.all(names.map(statusOf)), [NOT_SERVING, NOT_SERVING]);
    server.setServing(true);
    assert.deepEqual(await Promise.all(names.map(statusOf)), [SERVING, SERVING]);
  });

  it("names the port that is in use", async () => {
    await start(admin({}));
    const again = startGrpcServer({ ...admin({}), port: server.port });
    const message = new RegExp(`cannot listen on 127.0.0.1:${server.port}: the port is in use`);
    await assert.rejects(again, { name: "UserError", message });
  });

  it("listens on an IPv6 address with and without brackets", () => {
    assert.deepEqual(
      ["::1", "[::1]", "0.0.0.0", "coordinator.example"].map((host) => addressOf(host, 7230)),
      ["[::1]:7230", "[::1]:7230", "0.0.0.0:7230", "coordinator.example:7230"],
    );
  });

  it("answers reflection with its services and their messages", async () => {
    const reflection = { descriptorSet: readDescriptorSet(), names: [AdminServiceDefinition.fullName] };
    await start({ ...admin({}), reflection });
    const name = Buffer.from(AdminServiceDefinition.fullName);
    // Fields of ServerReflectionRequest: 7 list_services, 4 file_containing_symbol.
    const services = await reflect(server.port, Buffer.from([0x3a, 0]));
    const file = await reflect(server.port, Buffer.from([0x22, name.length, ...name]));
    assert.ok(services.includes(name));
    assert.ok(file.includes("WatchStudyResponse"));
  });
});

/** Sends one encoded request to the reflection service and returns the encoded answer. */
async function reflect(port: number, question: Buffer): Promise<Buffer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  const same = (bytes: Buffer): Buffer => bytes;
  const call = client.makeBidiStreamRequest(path, same, same);
  call.write(question);
  const [answer] = (await once(call, "data")) as [Buffer];
  call.end();
  await once(call, "end");
  client.close();
  return answer;
}

describe("a gRPC client", () => {
  it("fails at once while nothing listens", async () => {
    const placeholder = createServer().listen(0, "127.0.0.1");
    await once(placeholder, "listening");
    const { port } = placeholder.address() as AddressInfo;
    placeholder.close();
    await once(placeholder, "close");
    const connected = connectAdminService(`127.0.0.1:${port}`);
    await assert.rejects(connected.client.listStudies({}), { code: Status.UNAVAILABLE });
    connected.close();
  });

  it("ends a call that has no answer at its deadline", async () => {
    const never = admin({ listStudies: (_, { signal }) => once(signal, "abort").then(() => ({})) });
    const server = await startGrpcServer(never);
    const connected = connectAdminService(`127.0.0.1:${server.port}`);
    await assert.rejects(connected.client.listStudies({}, { deadline: 20 }), { code: Status.DEADLINE_EXCEEDED });
    connected.close();
    await server.stop(0);
  });
});
