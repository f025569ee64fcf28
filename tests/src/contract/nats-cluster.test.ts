// The streams on clusters of real nats-servers.
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import { retry } from "@sintonia/runtime/backoff";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES, TRAINERS_CONSUMER } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import type { JetStreamManager, NatsConnection } from "nats";
import { type NatsCluster, startNatsCluster } from "../support/nats-cluster.js";

/** Upper limit for the elections of a cluster, in milliseconds. */
const ELECTIONS_MS = 60_000;

const lines: string[] = [];
const destination = { write: (line: string) => void lines.push(line) };
const logger = createLogger({ service: "test", instance: "test", level: "warn", destination });

async function startCluster(context: TestContext, size: number, routesOf = size): Promise<NatsCluster> {
  const cluster = await startNatsCluster(size, routesOf);
  context.after(() => cluster.stop());
  return cluster;
}

async function connect(context: TestContext, urls: string): Promise<NatsConnection> {
  const connection = await connectNats({ settings: { natsUrl: parseServers(urls) }, name: "test", logger });
  context.after(() => connection.close());
  return connection;
}

async function copiesOf(manager: JetStreamManager): Promise<number[]> {
  const streams = [DEFAULT_NAMES.events, DEFAULT_NAMES.assignments].map((name) => manager.streams.info(name));
  return (await Promise.all(streams)).map(({ config }) => config.num_replicas);
}

describe("the streams on a cluster of three servers", () => {
  it("have three copies, and take records after the loss of their leader", async (context) => {
    const cluster = await startCluster(context, 3);
    const connection = await connect(context, cluster.urls);
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const manager = await connection.jetstreamManager({ checkAPI: false });
    assert.deepEqual(await copiesOf(manager), [3, 3]);
    const consumer = await manager.consumers.info(DEFAULT_NAMES.assignments, TRAINERS_CONSUMER);
    assert.equal(consumer.cluster?.replicas?.length, 2);

    const log = new NatsStudyLog(connection);
    const append = async (body: number, after: number): Promise<number> => {
      const position = { after, id: `record ${body}` };
      const result = await retry(() => log.append("study", Uint8Array.of(body), position), {
        deadlineMs: ELECTIONS_MS,
      });
      assert.equal(result.kind, "appended");
      return result.kind === "appended" ? result.revision : 0;
    };
    const first = await append(1, 0);
    const { cluster: placement } = await manager.streams.info(DEFAULT_NAMES.events);
    await cluster.servers.get(placement?.leader ?? "")?.kill();
    const second = await append(2, first);
    assert.equal(second, first + 1);
  });

  it("are raised to three copies if they have one", async (context) => {
    const cluster = await startCluster(context, 3);
    const connection = await connect(context, cluster.urls);
    await ensureStreams(connection, { names: DEFAULT_NAMES, replicas: 1, logger });
    const manager = await connection.jetstreamManager({ checkAPI: false });
    assert.deepEqual(await copiesOf(manager), [1, 1]);
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    assert.deepEqual(await copiesOf(manager), [3, 3]);
    // Fewer are left alone: an operator may have raised them by hand.
    await ensureStreams(connection, { names: DEFAULT_NAMES, replicas: 1, logger });
    assert.deepEqual(await copiesOf(manager), [3, 3]);
  });

  it("refuse more copies than servers, in one line that says what to do", async (context) => {
    const cluster = await startCluster(context, 3);
    const connection = await connect(context, cluster.urls);
    await assert.rejects(ensureStreams(connection, { names: DEFAULT_NAMES, replicas: 5, logger }), {
      name: "UserError",
      message: /cannot keep 5 copies of the stream SINTONIA_EVENTS .*start more servers .*SINTONIA_NATS_REPLICAS/,
    });
  });

  it("have two copies while one server is missing, with a warning", async (context) => {
    const cluster = await startCluster(context, 2, 3);
    const connection = await connect(context, cluster.urls);
    lines.length = 0;
    await ensureStreams(connection, { names: DEFAULT_NAMES, logger });
    const manager = await connection.jetstreamManager({ checkAPI: false });
    assert.deepEqual(await copiesOf(manager), [2, 2]);
    const warned = lines.map((line) => JSON.parse(line)).filter(({ stream }) => stream === DEFAULT_NAMES.events);
    assert.ok(warned.length > 0);
    // A slow election repeats the creation, and with it the warning.
    for (const { replicas, wanted, message } of warned) {
      const expected = { replicas: 2, wanted: 3, message: "stream has fewer replicas than wanted" };
      assert.deepEqual({ replicas, wanted, message }, expected);
    }
  });
});
