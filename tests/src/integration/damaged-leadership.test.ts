// Two coordinators whose stream was damaged while nats-server was down: one leads, the other one
// follows, and takes over after kill -9. nats-server 2.9 takes messages into the damaged block of
// the stream, and reads none of them.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { FORWARDED_FOR_METADATA, LEADER_METADATA } from "@sintonia/runtime/grpc/leader-metadata";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { connect, type NatsConnection } from "nats";
import { Metadata } from "nice-grpc";
import { type BlockRecord, flipByte, recordsOf, streamFolder } from "../support/nats-blocks.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

const STREAM = DEFAULT_NAMES.coordinators;

/** A claim by each coordinator, if they come at the same time. */
const CLAIMS_MAX = 2;

describe("two coordinators whose stream is damaged", () => {
  let nats: NatsServer;
  let folder: string;
  let coordinators: CoordinatorProcess[];

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-damaged-"));
    const settings = { SINTONIA_NATS_URL: nats.url, SINTONIA_STATE_DIR: path.join(folder, "state") };
    coordinators = [new CoordinatorProcess(settings)];
    await coordinators[0]?.withAdmin((client) => client.createStudy({ spec: tinySpec("one"), studyId: "one" }));
    coordinators.push(new CoordinatorProcess(settings));
    await coordinators[1]?.line("coordinator follows");
  });
  afterEach(async () => {
    await Promise.all(coordinators.map((coordinator) => coordinator.end("SIGKILL")));
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  /** @returns the time of the damage */
  async function damage(number: number, field: keyof BlockRecord): Promise<Date> {
    await nats.kill();
    const file = path.join(streamFolder(nats, STREAM), "msgs", "1.blk");
    flipByte(file, recordsOf(await readFile(file)).at(number)?.[field] as number);
    const time = new Date();
    await nats.restart();
    return time;
  }

  /**
   * Waits until the record of one coordinator has been stored since a time and can be read, and the
   * other one names that coordinator.
   *
   * @returns both, the leader first
   */
  async function untilFollowed(since: Date): Promise<readonly [CoordinatorProcess, CoordinatorProcess]> {
    const [first, second] = coordinators as [CoordinatorProcess, CoordinatorProcess];
    const before = claimsOf(coordinators);
    const connection = await connect({ servers: nats.url });
    try {
      for (;;) {
        const isStored = ((await storedAt(connection))?.getTime() ?? 0) > since.getTime();
        const leaders = [await leaderFor(first), await leaderFor(second)];
        const addresses = [await first.address(), await second.address()];
        if (isStored && leaders.every((leader) => leader === addresses[0])) return [first, second];
        if (isStored && leaders.every((leader) => leader === addresses[1])) return [second, first];
        assert.ok(claimsOf(coordinators) - before <= CLAIMS_MAX, "coordinators take the leadership from one another");
        await delay(100);
      }
    } finally {
      await connection.close();
    }
  }

  for (const [number, field, record] of [
    [-1, "checksum", "the leader's record"],
    [-1, "body", "the leader's record"],
    [0, "length", "the identity of the installation"],
  ] as const) {
    it(`lead one after the other: ${field} of ${record}`, LIMIT, async () => {
      const [leader, follower] = await untilFollowed(await damage(number, field));
      const [claims, readies] = [claimsOf([follower]), readiesOf(follower)];
      await leader.end("SIGKILL");
      await follower.line("coordinator leads", claims + 1);
      await follower.line("coordinator ready", readies + 1);
      assert.ok(lastTerm(follower) > lastTerm(leader));
      await follower.withAdmin(async (client) => {
        const { studies } = await client.listStudies({});
        assert.deepEqual(studies.map(({ id }) => id), ["one"]); // biome-ignore format: one line
      });
    });
  }
});

/** Returns the time of the leader's record; undefined if the server finds none. */
async function storedAt(connection: NatsConnection): Promise<Date | undefined> {
  const { streams } = await connection.jetstreamManager();
  const query = { last_by_subj: DEFAULT_NAMES.leaderSubject };
  const message = await streams.getMessage(STREAM, query).catch(() => undefined);
  return message?.time;
}

/** Returns the address of the leader, as a coordinator answers; undefined if it knows none. */
async function leaderFor(coordinator: CoordinatorProcess): Promise<unknown> {
  const address = await coordinator.address();
  const { client, close } = connectAdminService(address);
  let leader: unknown;
  const onTrailer = (trailer: Metadata): void => {
    leader = trailer.get(LEADER_METADATA);
  };
  try {
    // A call with this mark is not forwarded, so that a follower names the leader.
    await client.listStudies({}, { metadata: Metadata().set(FORWARDED_FOR_METADATA, "test"), onTrailer });
    return address;
  } catch {
    return leader;
  } finally {
    close();
  }
}

function termsOf({ lines }: CoordinatorProcess): readonly number[] {
  return lines.flatMap(({ message, term }) => (message === "coordinator leads" ? [Number(term)] : []));
}

function claimsOf(coordinators: readonly CoordinatorProcess[]): number {
  return coordinators.flatMap(termsOf).length;
}

/** Returns how often a coordinator got ready: a leadership may end before that. */
function readiesOf({ lines }: CoordinatorProcess): number {
  return lines.filter(({ message }) => message === "coordinator ready").length;
}

function lastTerm(coordinator: CoordinatorProcess): number {
  return termsOf(coordinator).at(-1) ?? 0;
}
