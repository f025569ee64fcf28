// Accounts with the permissions of permissionsOf on a real nats-server: the work goes on, and
// nothing else is possible.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { NatsAssignmentQueue } from "@sintonia/coordinator/adapters/nats/assignment-queue";
import { checkJetStream } from "@sintonia/coordinator/adapters/nats/connection-check";
import { JetStreamObjects } from "@sintonia/coordinator/adapters/nats/content/jetstream-objects";
import { NatsCordonStore } from "@sintonia/coordinator/adapters/nats/cordon-store";
import { NatsLeadershipStore } from "@sintonia/coordinator/adapters/nats/leadership-store";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { ObjectArtifactStore } from "@sintonia/coordinator/adapters/objects/artifact-store";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { NatsNames, type NatsRole, TRAINERS_CONSUMER } from "@sintonia/runtime/nats/names";
import { permissionsOf } from "@sintonia/runtime/nats/permissions";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { Secret } from "@sintonia/runtime/secret";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { type JetStreamManager, type NatsConnection, NatsError } from "nats";
import { collect } from "../support/collect.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { inChunks, keyOf, sample } from "./artifact-store.js";

const ASSIGNMENT = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };
const lines: string[] = [];
const destination = { write: (line: string) => void lines.push(line) };
const logger = createLogger({ service: "test", instance: "test", level: "error", destination });
const names = new NatsNames("team-a");
const others = new NatsNames("team-b");
const never = new AbortController().signal;

/** Users of two installations in one account, and an administrator. */
const USERS = [
  ...[names, others].flatMap((of, index) =>
    (["coordinator", "trainer"] as const).map((role) => ({
      user: `${role}-${index}`,
      password: "x",
      permissions: permissionsOf(of, role),
    })),
  ),
  { user: "admin", password: "x" },
];

/** The queue of the studies that every trainer may serve. */
function shared({ assignments: stream }: NatsNames) {
  return { stream, consumer: TRAINERS_CONSUMER };
}

describe("accounts of NATS with the permissions of docs/security.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-permissions-"));
  const connections: NatsConnection[] = [];
  let server: NatsServer;
  let coordinator: NatsConnection;
  let trainer: NatsConnection;
  let admin: JetStreamManager;

  const connect = async (natsUser: string, natsPrefix?: string, role?: NatsRole): Promise<NatsConnection> => {
    const login = { natsUser, natsPassword: new Secret("x"), ...(natsPrefix === undefined ? {} : { natsPrefix }) };
    const settings = { natsUrl: parseServers(server.url), ...login };
    const connection = await connectNats({ settings, name: natsUser, ...(role && { role }), logger });
    connections.push(connection);
    return connection;
  };

  before(async () => {
    const config = join(folder, "nats.conf");
    writeFileSync(config, `authorization: { users: ${JSON.stringify(USERS)} }`);
    server = await startNatsServer(["--jetstream", "--config", config]);
    coordinator = await connect("coordinator-0", "team-a", "coordinator");
    trainer = await connect("trainer-0", "team-a", "trainer");
    await ensureStreams(coordinator, { names, logger });
    await ensureStreams(await connect("coordinator-1", "team-b", "coordinator"), { names: others, logger });
    admin = await (await connect("admin")).jetstreamManager();
  });
  after(async () => {
    for (const connection of connections) await connection.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("names the permission that the login of a coordinator lacks", async () => {
    const wrong = await connect("trainer-0", "team-a", "trainer");
    await assert.rejects(ensureStreams(wrong, { names, logger }), {
      name: "UserError",
      message: /^the login of NATS lacks a permission \(Permissions Violation for Publish to "\$JS\.API\.INFO"\); use /,
    });
    const foreign = await connect("coordinator-0", "team-b", "coordinator");
    await assert.rejects(ensureStreams(foreign, { names: others, logger }), /lacks a permission .*_INBOX\.team-b/);
  });

  /** Expects that the server refuses a request: it says so, or it does not answer. */
  const isRefused = async (request: Promise<unknown>): Promise<void> => {
    await assert.rejects(request, (error) => {
      assert.ok(
        error instanceof NatsError && ["PERMISSIONS_VIOLATION", "TIMEOUT", "503"].includes(error.code),
        `${error}`,
      );
      return true;
    });
  };

  it("let a coordinator and a trainer work", async () => {
    const log = new NatsStudyLog(coordinator, names);
    assert.equal((await log.append("study", Buffer.from("one"), { after: 0, id: "1" })).kind, "appended");
    assert.deepEqual(await log.studies(), ["study"]);
    assert.equal((await collect(log.read("study"))).length, 1);
    const leadership = new NatsLeadershipStore(coordinator, names);
    const record = { term: 1, instance: "i", identity: "", address: "a:1", isReleased: false, leases: [] };
    assert.equal((await leadership.write(record, 0)).kind, "written");
    assert.deepEqual((await leadership.read())?.record, record);
    const cordons = new NatsCordonStore(coordinator, names);
    assert.deepEqual(await cordons.read(), { cordons: [], revision: 0 });
    assert.notEqual(await cordons.write([], 0), undefined);
    const queue = new NatsAssignmentQueue(coordinator, { names, logger });
    await queue.publish(ASSIGNMENT);
    const delivery = await new NatsAssignmentSource(trainer, logger, shared(names)).next(never);
    assert.deepEqual(delivery?.assignment, ASSIGNMENT);
    await delivery?.accept();
    await queue.publish(ASSIGNMENT);
    await queue.withdraw("study", "0");
    assert.equal((await admin.streams.info(names.assignments)).state.messages, 0);
    await checkJetStream(coordinator, { names, logger });
  });

  it("let a coordinator and a trainer use the queue of a resource class", async () => {
    const queue = new NatsAssignmentQueue(coordinator, { names, logger });
    await queue.open("a100");
    await queue.publish(ASSIGNMENT, { resourceClass: "a100" });
    await queue.withdraw("study", "0", "a100");
    await queue.publish(ASSIGNMENT, { resourceClass: "a100" });
    const consumer = { stream: names.resourceAssignments, consumer: "a100" };
    const delivery = await new NatsAssignmentSource(trainer, logger, consumer).next(never);
    assert.deepEqual(delivery?.assignment, ASSIGNMENT);
    await delivery?.accept();
    assert.equal((await admin.streams.info(names.resourceAssignments)).state.messages, 0);
    const manager = await trainer.jetstreamManager({ timeout: 300, checkAPI: false });
    await isRefused(manager.consumers.delete(names.resourceAssignments, "a100"));
    await isRefused(manager.consumers.add(names.resourceAssignments, { durable_name: "mine" }));
  });

  it("let a coordinator keep content in the object store", async () => {
    await ensureStreams(coordinator, { names, contentMaxBytes: 2 ** 26, logger });
    await ensureStreams(coordinator, { names, contentMaxBytes: 2 ** 25, logger });
    const store = new ObjectArtifactStore(new JetStreamObjects(coordinator, names), "artifacts");
    const content = sample(300_000);
    await store.put(inChunks(content, 50_000), keyOf(content));
    assert.deepEqual(Buffer.concat(await collect(store.open(keyOf(content).sha256))), content);
    await store.put(inChunks(content, 50_000), keyOf(content));
    await store.deleteUnfinished(Date.now() + 60_000);
    assert.deepEqual(await store.list(), [keyOf(content).sha256]);
    await store.delete(keyOf(content).sha256);
    assert.equal((await admin.streams.info(names.contentStream)).state.messages, 0);
  });

  it("let no trainer write, read or delete anything", async () => {
    const before = await admin.streams.info(names.events);
    const seen: string[] = [];
    for (const subject of [names.allEvents, names.allAssignments, "_INBOX.>", "$JS.>", ">"]) {
      trainer.subscribe(subject, { callback: (refusal, message) => void (refusal ?? seen.push(message.subject)) });
    }
    for (const subject of [
      names.eventsSubject("study"),
      names.eventsSubject("new"),
      names.assignmentSubject("study", "1"),
      names.classAssignmentSubject("a100", "study", "1"),
      names.leaderSubject,
    ]) {
      trainer.publish(subject, "garbage");
    }
    await trainer.flush();
    const manager = await trainer.jetstreamManager({ timeout: 300, checkAPI: false });
    await isRefused(manager.consumers.delete(names.assignments, TRAINERS_CONSUMER));
    await isRefused(manager.streams.delete(names.events));
    await isRefused(manager.streams.purge(names.assignments));
    await isRefused(manager.streams.getMessage(names.events, { seq: 1 }));
    await isRefused(manager.consumers.add(names.events, { durable_name: "spy" }));
    await isRefused(manager.streams.add({ name: "MINE", subjects: ["mine"] }));
    await new NatsAssignmentQueue(coordinator, { names, logger }).publish(ASSIGNMENT);
    await trainer.flush();
    const state = await admin.streams.info(names.events);
    assert.deepEqual(state.state, before.state);
    assert.equal((await admin.streams.info(names.assignments)).state.messages, 1);
    assert.deepEqual(
      await admin.consumers.info(names.assignments, TRAINERS_CONSUMER).then(({ name }) => name),
      "trainers",
    );
    assert.deepEqual(seen, []);
  });

  it("let no coordinator delete its logs or touch another installation", async () => {
    const manager = await coordinator.jetstreamManager({ timeout: 300, checkAPI: false });
    await isRefused(manager.streams.delete(names.events));
    await isRefused(manager.streams.info(others.events));
    await isRefused(manager.consumers.delete(others.assignments, TRAINERS_CONSUMER));
    coordinator.publish(others.eventsSubject("study"), "garbage");
    await coordinator.flush();
    assert.equal((await admin.streams.info(others.events)).state.messages, 0);
  });

  it("let a coordinator make a deleted queue again, and say so", async () => {
    await admin.consumers.delete(names.assignments, TRAINERS_CONSUMER);
    lines.length = 0;
    await checkJetStream(coordinator, { names, logger });
    assert.match(lines.join(""), /somebody deleted the queue of assignments, making it again/);
    assert.equal((await admin.consumers.info(names.assignments, TRAINERS_CONSUMER)).name, "trainers");
    await admin.streams.delete(names.assignments);
    await checkJetStream(coordinator, { names, logger });
    const waiting = new NatsAssignmentSource(trainer, logger, shared(names)).next(never);
    await new NatsAssignmentQueue(coordinator, { names, logger }).publish(ASSIGNMENT);
    await (await waiting)?.accept();
    lines.length = 0;
    await checkJetStream(coordinator, { names, logger });
    assert.deepEqual(lines, []);
  });
});
