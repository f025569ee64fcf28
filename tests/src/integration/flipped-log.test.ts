// A byte that changes in the files of NATS while all is down: the study logs are whole again after
// the next start, and take further records. For the files of checkpoints and models there is
// flipped-byte.test.ts.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { type BlockRecord, flipByte, recordsOf, streamFolder } from "../support/nats-blocks.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

describe("a byte that changes in the store of NATS", () => {
  let folder: string;
  let nats: NatsServer;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-flipped-log-"));
    nats = await startNatsServer();
    const coordinator = begin();
    await coordinator.withAdmin(async (client) => {
      for (const studyId of ["one", "two"]) await client.createStudy({ spec: tinySpec(studyId), studyId });
      await client.stopStudy({ studyId: "one", reason: "enough" });
      await client.createStudy({ spec: tinySpec("three"), studyId: "three" });
    });
    await coordinator.end();
    await nats.kill();
    await cp(nats.store, path.join(folder, "store"), { recursive: true });
    await cp(path.join(folder, "state"), path.join(folder, "state-before"), { recursive: true });
  });
  after(async () => {
    await nats.stop();
    rmSync(folder, { recursive: true });
  });

  function begin(): CoordinatorProcess {
    return new CoordinatorProcess({
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
    });
  }

  /** Brings back the files of the time before all was down. */
  async function restoreFiles(): Promise<void> {
    for (const [from, to] of [
      ["store", nats.store],
      ["state-before", path.join(folder, "state")],
    ] as const) {
      await rm(to, { recursive: true });
      await cp(path.join(folder, from), to, { recursive: true });
    }
  }

  /** Starts all, uses the admin service, and ends all. */
  async function whileUp(use: Parameters<CoordinatorProcess["withAdmin"]>[0]): Promise<void> {
    await nats.restart();
    const coordinator = begin();
    try {
      await coordinator.withAdmin(use);
      const aside = coordinator.lines.filter(({ message }) => message.includes("set aside"));
      assert.deepEqual(aside, []);
    } finally {
      await coordinator.end();
      await nats.kill();
    }
  }

  /** Starts all twice, and asserts that every study is there, and goes on. */
  async function assertWhole(): Promise<void> {
    await whileUp(async (client) => {
      const { studies } = await client.listStudies({});
      const { STOPPED, ACTIVE } = StudyState;
      const states = studies.map(({ id, state }) => [id, state]).sort();
      assert.deepEqual(states, [["one", STOPPED], ["three", ACTIVE], ["two", ACTIVE]]); // biome-ignore format: one line
      await client.stopStudy({ studyId: "three", reason: "enough" });
      await client.createStudy({ spec: tinySpec("four"), studyId: "four" });
    });
    await whileUp(async (client) => {
      const { studies } = await client.listStudies({});
      assert.deepEqual(studies.map(({ id }) => id).sort(), ["four", "one", "three", "two"]);
      await client.stopStudy({ studyId: "two", reason: "enough" });
      for (const studyId of ["one", "two", "three"]) {
        const { study } = await client.getStudy({ studyId });
        assert.equal(study?.state, StudyState.STOPPED, studyId);
      }
    });
  }

  // Record 1 creates study one, record 3 stops it, record 4 creates study three and is the last.
  const places: readonly (readonly [number, keyof BlockRecord])[] = [
    [1, "length"],
    [1, "sequence"],
    [1, "subject"],
    [1, "body"],
    [3, "checksum"],
    [4, "body"],
  ];
  for (const [number, field] of places) {
    it(`loses no study: ${field} of record ${number} of 4`, LIMIT, async () => {
      await restoreFiles();
      const file = path.join(streamFolder(nats, "SINTONIA_EVENTS"), "msgs", "1.blk");
      const records = recordsOf(readFileSync(file));
      assert.equal(records.length, 4);
      flipByte(file, records[number - 1]?.[field] as number);
      await assertWhole();
    });
  }

  it("loses no study: the settings of the stream of events", LIMIT, async () => {
    await restoreFiles();
    const file = path.join(streamFolder(nats, "SINTONIA_EVENTS"), "meta.inf");
    flipByte(file, readFileSync(file).length >> 1);
    await assertWhole();
  });

  // Record 1 is the identity of the installation, the last one names the leader.
  const ofCoordinators: readonly (readonly [number, keyof BlockRecord])[] = [
    [0, "length"],
    [0, "subject"],
    [0, "body"],
    [0, "checksum"],
    [-1, "length"],
    [-1, "body"],
  ];
  for (const [number, field] of ofCoordinators) {
    const record = number === 0 ? "the identity of the installation" : "the leader's record";
    it(`loses no study: ${field} of ${record}`, LIMIT, async () => {
      await restoreFiles();
      const file = path.join(streamFolder(nats, "SINTONIA_COORDINATORS"), "msgs", "1.blk");
      flipByte(file, recordsOf(readFileSync(file)).at(number)?.[field] as number);
      await assertWhole();
    });
  }
});
