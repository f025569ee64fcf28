// A coordinator process that starts from the snapshot of a study, or without it.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

describe("a coordinator with a snapshot of an ended study", () => {
  let nats: NatsServer;
  let folder: string;
  let coordinator: CoordinatorProcess | undefined;

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-snapshots-"));
    await begin().withAdmin(async (client) => {
      await client.createStudy({ spec: tinySpec("ended"), studyId: "ended" });
      await client.stopStudy({ studyId: "ended", reason: "enough" });
    });
    await coordinator?.end();
  });
  afterEach(async () => {
    await coordinator?.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  function begin(): CoordinatorProcess {
    const state = path.join(folder, "state");
    coordinator = new CoordinatorProcess({ SINTONIA_NATS_URL: nats.url, SINTONIA_STATE_DIR: state });
    return coordinator;
  }

  /** Starts a coordinator. Returns the number of records that it replayed of how many. */
  async function replayed(): Promise<{ replayed: unknown; records: unknown }> {
    const running = begin();
    const { study } = await running.withAdmin((client) => client.getStudy({ studyId: "ended" }));
    assert.equal(study?.state, StudyState.STOPPED);
    const { replayed: count, records } = await running.line("study recovered");
    return { replayed: count, records };
  }

  it("reads the last record of its log alone", LIMIT, async () => {
    assert.equal((await replayed()).replayed, 0);
  });

  it("reads its log whole and says why if the snapshot is damaged, and writes another one", LIMIT, async () => {
    const snapshots = path.join(folder, "state", "snapshots");
    const [name = ""] = await readdir(snapshots);
    const whole = await readFile(path.join(snapshots, name));
    await writeFile(path.join(snapshots, name), whole.subarray(0, -30));
    const first = await replayed();
    assert.ok(first.replayed === first.records && first.replayed !== 0);
    const ignored = await coordinator?.line("snapshot of study ignored, its log is read whole");
    assert.equal(ignored?.["studyId"], "ended");
    assert.match(String(ignored?.["reason"]), /^A line is not JSON/);
    await coordinator?.end();
    assert.equal((await replayed()).replayed, 0);
    assert.deepEqual(await readFile(path.join(snapshots, name)), whole);
  });
});
