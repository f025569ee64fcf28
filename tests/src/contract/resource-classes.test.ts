// The queues of resource classes on a real nats-server.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { NatsAssignmentQueue } from "@sintonia/coordinator/adapters/nats/assignment-queue";
import { CLASSES_MAX } from "@sintonia/coordinator/adapters/nats/class-queues";
import type { Assignment } from "@sintonia/protocol/lease";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { NatsNames } from "@sintonia/runtime/nats/names";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { assignmentConsumers, NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { MergedAssignments } from "@sintonia/trainer/shell/merged-assignments";
import { connect, type JetStreamManager, type NatsConnection } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });
const trial = (id: string): Assignment => ({ studyId: studyIdOf("study"), trialId: trialIdOf(id), attempt: 1 });

describe("the queues of resource classes", () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let names: NatsNames;
  let queue: NatsAssignmentQueue;
  let ends: AbortController;
  let nowMs = 0;
  let installations = 0;

  before(async () => {
    server = await startNatsServer();
    connection = await connect({ servers: server.url });
    manager = await connection.jetstreamManager();
  });
  after(async () => {
    await connection.close();
    await server.stop();
  });
  beforeEach(async () => {
    names = new NatsNames(`team-${installations++}`);
    ends = new AbortController();
    await ensureStreams(connection, { names, logger });
    const clock = { monotonicMs: () => nowMs, wallTime: () => new Date(0) };
    queue = new NatsAssignmentQueue(connection, { names, logger, clock });
  });
  afterEach(() => ends.abort());

  /** Waits for the next assignment of a trainer that has some resource classes. */
  async function accept(...resourceClasses: readonly string[]): Promise<string> {
    const sources = assignmentConsumers(names, resourceClasses).map(
      (consumer) => new NatsAssignmentSource(connection, logger, consumer),
    );
    const delivery = await new MergedAssignments(sources).next(ends.signal);
    assert.ok(delivery, "next was aborted");
    await delivery.accept();
    return delivery.assignment.trialId;
  }

  it("deliver to the trainers of their class alone, who get the trials of every trainer too", async () => {
    await queue.open("a100");
    await queue.open("gpu");
    await queue.publish(trial("1"), { resourceClass: "a100" });
    await queue.publish(trial("2"), { resourceClass: "gpu" });
    await queue.publish(trial("3"));
    assert.equal(await accept(), "3");
    assert.equal(await accept("gpu"), "2");
    const idle = accept("gpu");
    assert.equal(await accept("a100", "gpu"), "1");
    await queue.publish(trial("4"));
    assert.equal(await idle, "4", "a trainer of another class got nothing before");
  });

  it("keep what was published before a trainer of the class came", async () => {
    await queue.publish(trial("1"), { resourceClass: "a100" });
    const waiting = accept("a100");
    await queue.open("a100");
    assert.equal(await waiting, "1");
  });

  it("hold one assignment of a trial, and lose it when it is withdrawn", async () => {
    await queue.withdraw("study", "1", "a100");
    for (const attempt of [1, 2]) await queue.publish({ ...trial("1"), attempt }, { resourceClass: "a100" });
    await queue.publish(trial("2"), { resourceClass: "a100" });
    assert.equal((await manager.streams.info(names.resourceAssignments)).state.messages, 2);
    await queue.withdraw("study", "1", "a100");
    await queue.open("a100");
    assert.equal(await accept("a100"), "2");
  });

  it("are not there where nobody asks for resources", async () => {
    await queue.publish(trial("1"));
    await queue.withdraw("study", "1");
    await assert.rejects(manager.streams.info(names.resourceAssignments), /stream not found/);
  });

  it("are made again after somebody deleted them", async () => {
    await queue.open("a100");
    await manager.streams.delete(names.resourceAssignments);
    await queue.open("a100");
    await assert.rejects(manager.streams.info(names.resourceAssignments), /stream not found/, "looks not each time");
    nowMs += 60_000;
    await queue.open("a100");
    await queue.publish(trial("1"), { resourceClass: "a100" });
    assert.equal(await accept("a100"), "1");
  });

  it("are at most as many as the limit says", async () => {
    await Promise.all(Array.from({ length: CLASSES_MAX + 10 }, (_, number) => queue.open(`f${number}`)));
    assert.equal((await manager.streams.info(names.resourceAssignments)).state.consumer_count, CLASSES_MAX);
  });
});
