// Two coordinator processes with one nats-server and one state folder: killed, frozen, ended.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import {
  Directive,
  type LeaseKey,
  type Trainer,
  type TrainerServiceDefinition,
} from "@sintonia/proto/sintonia/v1/trainer";
import { type Connected, connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { UNCONFIRMED_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { ClientError, createChannel, createClient, type Metadata, Status } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

/** Time to live of leases. */
const TTL_MS = 2_000;

const SPEC = tinySpec("led");

const TRAINER: Trainer = { id: "trainer-1", engine: "onnx", equipment: undefined };

describe("two coordinators", () => {
  let nats: NatsServer;
  let state: string;
  let first: CoordinatorProcess;
  let second: CoordinatorProcess;
  let addresses: [string, string];
  let both: Connected<AdminServiceDefinition>;

  beforeEach(async () => {
    nats = await startNatsServer();
    state = await mkdtemp(path.join(tmpdir(), "sintonia-leaders-"));
    const settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(state, "state"),
      SINTONIA_LEASE_TTL_MS: String(TTL_MS),
    };
    first = new CoordinatorProcess(settings);
    await first.line("coordinator ready");
    second = new CoordinatorProcess(settings);
    await second.line("coordinator follows");
    addresses = [await first.address(), await second.address()];
    both = connectAdminService(addresses.join(","));
  });
  afterEach(async () => {
    both.close();
    await Promise.all([first.end("SIGKILL"), second.end("SIGKILL")]);
    await nats.stop();
    await rm(state, { recursive: true });
  });

  async function create(studyId: string): Promise<void> {
    await untilAnswered(() => both.client.createStudy({ spec: SPEC, studyId }));
  }

  async function studyIds(): Promise<readonly string[]> {
    const { studies } = await untilAnswered(() => both.client.listStudies({}));
    return studies.map(({ id }) => id).sort();
  }

  /** Asks one coordinator for the studies: their ids, or the reason of a refusal. */
  async function answerOf(address: string): Promise<readonly string[] | string> {
    const { client, close } = connectAdminService(address);
    try {
      const { studies } = await client.listStudies({});
      return studies.map(({ id }) => id).sort();
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== Status.UNAVAILABLE) throw error;
      return error.details;
    } finally {
      close();
    }
  }

  it("both answer, and are ready", LIMIT, async () => {
    await create("one");
    for (const address of addresses) {
      assert.deepEqual(await answerOf(address), ["one"]);
      while (!(await isReady(address))) await delay(50);
    }
    assert.ok(!second.lines.some(({ message }) => message === "coordinator leads"));
  });

  it("lead a client of the follower through a study while the leader is killed", LIMIT, async () => {
    const [admin, trainers] = [connectAdminService(addresses[1]), connectTrainerService(addresses[1])];
    try {
      await untilAnswered(() => admin.client.createStudy({ spec: SPEC, studyId: "one" }));
      const updates = admin.client.watchStudy({ studyId: "one" })[Symbol.asyncIterator]();
      assert.equal((await updates.next()).value.study?.id, "one");
      const lease = await leased(trainers, TRAINER);
      const report = (epoch: number) =>
        untilAnswered(() => trainers.client.reportEpoch({ lease, measurement: measurementOf(epoch) }));
      assert.equal((await report(0)).directive, Directive.CONTINUE);
      await first.end("SIGKILL");
      await assert.rejects(drained(updates), { code: Status.UNAVAILABLE });
      assert.equal((await report(1)).directive, Directive.CONTINUE);
      const { trials } = await untilAnswered(() => admin.client.listTrials({ studyId: "one" }));
      assert.deepEqual(trials.find(({ id }) => id === "0")?.epochs, 2);
    } finally {
      admin.close();
      trainers.close();
    }
  });

  it("go on after kill -9 of the leader", LIMIT, async () => {
    await create("one");
    await first.end("SIGKILL");
    await create("two");
    assert.deepEqual(await studyIds(), ["one", "two"]);
    assert.ok(second.lines.some(({ message }) => message === "coordinator ready"));
  });

  it("pass the leadership on before the end of a leader in order", LIMIT, async () => {
    await create("one");
    assert.equal(await first.end("SIGTERM"), 0);
    await second.line("coordinator ready");
    assert.deepEqual(await studyIds(), ["one"]);
  });

  it("keep a lease through an outage of NATS that is longer than its time to live", LIMIT, async () => {
    const trainers = connectTrainerService(addresses.join(","));
    try {
      await create("one");
      const lease = await leased(trainers, TRAINER);
      const renew = async (): Promise<"renewed" | "unconfirmed" | "unavailable"> => {
        let isUnconfirmed = false;
        const onTrailer = (trailer: Metadata): void => {
          isUnconfirmed ||= trailer.has(UNCONFIRMED_METADATA);
        };
        try {
          const { directive } = await trainers.client.heartbeat({ lease, trainer: TRAINER }, { onTrailer });
          assert.equal(directive, Directive.CONTINUE);
          return "renewed";
        } catch (error) {
          if (!(error instanceof ClientError)) throw error;
          return isUnconfirmed ? "unconfirmed" : "unavailable";
        }
      };
      await nats.kill();
      const endsAt = performance.now() + 2 * TTL_MS;
      while ((await renew()) !== "unconfirmed" || performance.now() < endsAt) await delay(100);
      await nats.restart();
      while ((await renew()) !== "renewed") await delay(100);
      assert.ok(!first.lines.some(({ message }) => message === "trial given back to the queue"));
      assert.ok(!second.lines.some(({ message }) => message === "coordinator leads"));
    } finally {
      trainers.close();
    }
  });

  it("keep a frozen leader from answering when it wakes; it follows, and can lead again", LIMIT, async () => {
    await create("one");
    first.signal("SIGSTOP");
    await create("two");
    first.signal("SIGCONT");
    // Whether its timers or the call run first: it does not answer from its state.
    const answer = await answerOf(addresses[0]);
    if (typeof answer !== "string") assert.deepEqual(answer, ["one", "two"]);
    await first.line("another coordinator leads, this one steps down");
    await first.line("coordinator follows");
    assert.deepEqual(await answerOf(addresses[0]), ["one", "two"]);
    await second.end("SIGKILL");
    await create("three");
    assert.deepEqual(await studyIds(), ["one", "three", "two"]);
    await first.line("coordinator ready", 2);
  });
});

/** Asks a coordinator for its health, as a probe does. */
async function isReady(address: string): Promise<boolean> {
  const channel = createChannel(address);
  const { status } = await createClient(HealthDefinition, channel).check({ service: "" });
  channel.close();
  return status === 1;
}

/** Reads a stream to its end. */
async function drained(messages: AsyncIterator<unknown>): Promise<void> {
  while ((await messages.next()).done !== true);
}

function measurementOf(epoch: number) {
  return { execution: 0, epoch, metrics: { val_accuracy: 0.5, val_loss: 1 }, learningRate: 0.001, seconds: 1 };
}

/** Leases the first trial of the study "one", once the oracle has suggested it. */
async function leased({ client }: Connected<TrainerServiceDefinition>, trainer: Trainer): Promise<LeaseKey> {
  for (;;) {
    const ask = { studyId: "one", trialId: "0", attempt: 1, trainer };
    const { outcome } = await untilAnswered(() => client.acquireLease(ask));
    if (outcome?.$case === "lease" && outcome.value.key !== undefined) return outcome.value.key;
    await delay(50);
  }
}

/** Repeats a call until a coordinator answers. */
async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isAbsence =
        error instanceof ClientError && [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED].includes(error.code);
      if (!isAbsence) throw error;
      await delay(100);
    }
  }
}
