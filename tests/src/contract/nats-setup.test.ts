import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { UserError } from "@sintonia/runtime/errors";
import { createLogger } from "@sintonia/runtime/logger";
import type { NatsSettings } from "@sintonia/runtime/nats/authentication";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES, TRAINERS_CONSUMER } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { Secret } from "@sintonia/runtime/secret";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import type { JetStreamManager, NatsConnection } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });
const connect = ({ url }: { url: string }, settings: Partial<NatsSettings> = {}): Promise<NatsConnection> =>
  connectNats({ settings: { natsUrl: parseServers(url), ...settings }, name: "setup", logger });

/** Returns a destination of a logger that adds the facts of each line to a list. */
const linesTo = (lines: object[]) => ({ write: (line: string) => void lines.push(JSON.parse(line)) });

describe("streams on nats-server", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  before(async () => {
    server = await startNatsServer();
  });
  after(() => server.stop());
  beforeEach(async () => {
    connection = await connect(server);
    manager = await connection.jetstreamManager();
  });
  afterEach(async () => {
    for (const stream of [DEFAULT_NAMES.events, DEFAULT_NAMES.assignments]) {
      // Ignored: some tests create only one stream.
      await manager.streams.delete(stream).catch(() => undefined);
    }
    await connection.close();
  });

  it("are created once when several processes start at the same time", async () => {
    await Promise.all([1, 2, 3].map(() => ensureStreams(connection, { names: DEFAULT_NAMES, logger })));
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const consumer = await manager.consumers.info(DEFAULT_NAMES.assignments, TRAINERS_CONSUMER);
    assert.equal(consumer.config.ack_wait, 30_000_000_000);
  });

  it("let as many trainers wait as a coordinator knows", async () => {
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const consumer = await manager.consumers.info(DEFAULT_NAMES.assignments, TRAINERS_CONSUMER);
    assert.equal(consumer.config.max_waiting, 10_000);
  });

  it("of an older version serve fewer waiting trainers, and say so", async () => {
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const { config } = await manager.consumers.info(DEFAULT_NAMES.assignments, TRAINERS_CONSUMER);
    await manager.consumers.delete(DEFAULT_NAMES.assignments, TRAINERS_CONSUMER);
    const { max_waiting: _, ...older } = config;
    await manager.consumers.add(DEFAULT_NAMES.assignments, older);
    const lines: { waitingTrainers?: number }[] = [];
    const noting = createLogger({ service: "test", instance: "test", level: "warn", destination: linesTo(lines) });
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger: noting });
    assert.deepEqual(
      lines.flatMap(({ waitingTrainers = [] }) => waitingTrainers),
      [512],
    );
  });

  it("refuse to purge events", async () => {
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    await assert.rejects(manager.streams.purge(DEFAULT_NAMES.events));
  });

  it("accept a stream of an earlier version, which keeps deleted events", async () => {
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const { config } = await manager.streams.info(DEFAULT_NAMES.events);
    await manager.streams.delete(DEFAULT_NAMES.events);
    await manager.streams.add({ ...config, deny_delete: true });
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const log = new NatsStudyLog(connection);
    await log.append("study", Buffer.from("event"), { after: 0, id: "event" });
    assert.equal(await log.erase("study", 2), "refused");
    assert.equal(await log.revision("study"), 1);
  });

  it("are refused with every setting that differs", async () => {
    await manager.streams.add({ name: DEFAULT_NAMES.events, subjects: ["sintonia.events.*"], max_age: 60_000_000_000 });
    await assert.rejects(ensureStreams(connection, { names: DEFAULT_NAMES, logger }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /stream SINTONIA_EVENTS with other settings: .*max_age is 60000000000, must be 0;/);
      assert.match(error.message, /deny_purge is false, must be true/);
      return true;
    });
  });

  it("refuse a record that is too large, and do not report an outage", async () => {
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const log = new NatsStudyLog(connection);
    const append = (sizeBytes: number) => log.append("study", new Uint8Array(sizeBytes), { after: 0, id: "large" });
    await assert.rejects(append(2 * 1024 * 1024), (error) => !(error instanceof StoreUnavailableError));
    assert.equal((await append(1_000_000)).kind, "appended");
  });

  it("let a trainer wait that started before them, and skip messages that are no assignment", async () => {
    const abort = new AbortController();
    const waiting = new NatsAssignmentSource(connection, logger).next(abort.signal);
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    await connection.jetstream().publish(DEFAULT_NAMES.assignmentSubject("study", "a"), "no protobuf");
    await connection
      .jetstream()
      .publish(DEFAULT_NAMES.assignmentSubject("study", "b"), Uint8Array.of(10, 1, 115, 18, 1, 57, 24, 3));
    const delivery = await waiting;
    assert.deepEqual(delivery?.assignment, { studyId: "s", trialId: "9", attempt: 3 });
    await delivery?.accept();
    assert.equal((await manager.streams.info(DEFAULT_NAMES.assignments)).state.messages, 0);
  });
});

describe("a connection to NATS", () => {
  it("fails with the URL and advice if no server answers before the deadline", async () => {
    const server = await startNatsServer();
    await server.stop();
    const connecting = connect(server, { natsStartMs: 200 });
    await assert.rejects(connecting, (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, new RegExp(`NATS at ${server.url} does not answer .*start a nats-server`));
      return true;
    });
  });

  it("waits for a server that starts later", async () => {
    const server = await startNatsServer();
    await server.kill();
    const connecting = connect(server);
    await server.restart();
    await (await connecting).close();
    await server.stop();
  });

  it("reports wrong credentials at once, and accepts the right ones", async () => {
    const server = await startNatsServer(["--user", "ana", "--pass", "right"]);
    const login = (password: string) => connect(server, { natsUser: "ana", natsPassword: new Secret(password) });
    await assert.rejects(login("wrong"), {
      name: "UserError",
      message: /refused the connection .*check the URL, the user/,
    });
    await (await login("right")).close();
    await server.stop();
  });

  it("names the missing JetStream and how to enable it", async () => {
    const server = await startNatsServer([]);
    const connection = await connect(server);
    await assert.rejects(ensureStreams(connection, { names: DEFAULT_NAMES, logger }), {
      name: "UserError",
      message: /has no JetStream; .*--jetstream/,
    });
    await connection.close();
    await server.stop();
  });

  it("refuses a record that a server with a small limit does not take, and stores the next", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "sintonia-limit-"));
    const config = path.join(folder, "nats.conf");
    await writeFile(config, "max_payload: 65536\n");
    const server = await startNatsServer(["--jetstream", "--config", config]);
    const connection = await connect(server);
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const log = new NatsStudyLog(connection);
    const large = log.append("study", Buffer.alloc(70_000), { after: 0, id: "large" });
    await assert.rejects(large, { name: "RecordTooLargeError", message: /70000 bytes to study study, at most 65536/ });
    assert.equal((await log.append("study", Buffer.alloc(60_000), { after: 0, id: "small" })).kind, "appended");
    await connection.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it("stops trying to connect when it is aborted", async () => {
    const server = await startNatsServer();
    await server.stop();
    const abort = new AbortController();
    const connecting = connectNats({
      settings: { natsUrl: parseServers(server.url) },
      name: "setup",
      logger,
      signal: abort.signal,
    });
    abort.abort(new Error("no longer wanted"));
    await assert.rejects(connecting, { message: "no longer wanted" });
  });
});
