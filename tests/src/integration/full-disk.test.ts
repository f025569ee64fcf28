// A study while the disk of its artifacts, or JetStream, has no room: running trials are kept, no
// new one starts, and all goes on when there is room.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type Study, StudyState, type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { connect } from "nats";
import { Installation, type InstallationSettings } from "../chaos/installation.js";
import { SmallDisk, withoutSmallDisks } from "../chaos/processes/small-disk.js";
import { fetchStudy, untilAnswered, untilCreated } from "../chaos/watch.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 180_000 };
const TRIALS = 4;
/** Far above the absence of a coordinator that is killed. */
const LEASE_TTL_MS = 30_000;
const DISK_BYTES = 8 * 1024 * 1024;
/** Room of JetStream. */
const STORE_BYTES = 4 * 1024 * 1024;

/** Reports an epoch, waits for the file GATE, and leaves a file. */
const PROGRAM = `
echo '{"metrics":{"score":1},"epoch":0}' >&3; read answer <&4 || exit 75
while [ ! -e "$GATE" ]; do sleep 0.1; done
echo "{\\"metrics\\":{\\"score\\":$1},\\"epoch\\":1}" >&3; read answer <&4 || exit 75
head -c 100000 /dev/zero > "$SINTONIA_ARTIFACT_DIR/file"; echo $1 >> "$SINTONIA_ARTIFACT_DIR/file"
`;

describe("a study without room", () => {
  let folder: string;
  let installation: Installation;
  let disk: SmallDisk | undefined;
  let admin: ReturnType<typeof connectAdminService>;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-full-"));
  });
  afterEach(async () => {
    admin.close();
    assert.deepEqual(await installation.close(), []);
    disk?.close();
    disk = undefined;
    rmSync(folder, { recursive: true });
  });

  async function start(settings: Partial<InstallationSettings> = {}): Promise<void> {
    const counts = { trainer: 2, coordinator: 1, nats: 1 };
    installation = await Installation.start({ folder, counts, leaseTtlMs: LEASE_TTL_MS, ...settings });
    admin = connectAdminService(installation.addresses);
  }

  /** Starts NATS for the installation. */
  async function startWith(...args: Parameters<typeof startNatsServer>): Promise<NatsServer> {
    const nats = await startNatsServer(...args);
    await start({ startNats: () => Promise.resolve([nats]) });
    return nats;
  }

  /** Creates a study. A lost attempt would fail its trial. */
  async function create(studyId: string): Promise<void> {
    const spec = {
      name: studyId,
      program: { command: ["sh", "-c", PROGRAM, "trial", `\${x}`], environment: { GATE: path.join(folder, "gate") } },
      objective: { metric: "score", goal: "maximize" },
      budget: { maxTrials: TRIALS, maxAttemptsPerTrial: 1 },
      selection: { rule: "observed" },
      oracle: { type: "random" },
      seed: 1,
      parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
    };
    await untilCreated(admin.client, studyId, JSON.stringify(spec));
  }

  /** Waits until a study and its trials are as wanted, and returns them. */
  async function until(studyId: string, isWanted: (study: Study, trials: readonly Trial[]) => boolean) {
    for (;;) {
      const { study } = await untilAnswered(() => admin.client.getStudy({ studyId }));
      const { trials } = await untilAnswered(() => admin.client.listTrials({ studyId }));
      if (study !== undefined && isWanted(study, trials)) return { study, trials };
      await delay(100);
    }
  }

  /** Waits until both trainers train a trial, which then waits for the gate. */
  async function untilTraining(): Promise<void> {
    await until("full", (_, trials) => trials.filter(({ epochs }) => epochs > 0).length === 2);
  }

  const openGate = (): void => writeFileSync(path.join(folder, "gate"), "");
  const isWaiting = ({ waiting }: Study): boolean => waiting?.reason === WaitReason.STATE_FOLDER;

  /** Waits for the end of a study, and checks that every trial took one attempt. */
  async function assertCompleted(studyId: string): Promise<void> {
    const { study, trials } = await until(studyId, ({ state }) => state > StudyState.FINALIZING);
    assert.equal(study.state, StudyState.COMPLETED, study.message);
    assert.deepEqual(
      trials.map(({ state, attempt }) => [state, attempt]),
      Array(TRIALS).fill([TrialState.COMPLETED, 1]),
    );
    assert.deepEqual(installation.unexpectedEnds, []);
  }

  it("on the disk of its artifacts keeps its running trials, and starts no new one", {
    ...LIMIT,
    skip: withoutSmallDisks,
  }, async () => {
    disk = new SmallDisk(DISK_BYTES);
    await start({ stateDir: path.join(disk.folder, "state") });
    await create("full");
    await untilTraining();
    disk.fill();
    openGate();
    const { study } = await until("full", isWaiting);
    assert.match(
      study.waiting?.message ?? "",
      /^No new trial starts, .*\/artifacts\b.*: no space left on device\. Make room/,
    );
    await create("second");
    await installation.process("coordinator", 0).restart("SIGKILL", 0);
    const { trials } = await until("full", isWaiting);
    assert.deepEqual(
      trials.map(({ state }) => state),
      [TrialState.RUNNING, TrialState.RUNNING],
    );
    const freedAt = Date.now();
    disk.free();
    await assertCompleted("full");
    await assertCompleted("second");
    const { events } = await fetchStudy(admin.client, "second");
    const queued = events.filter(({ event }) => event.type === "trial-queued").map(({ at }) => at);
    assert.ok(queued.length === TRIALS && Math.min(...queued) >= freedAt, "no trial was queued before there was room");
  });

  it("in JetStream keeps its running trials, and goes on when there is room", LIMIT, async () => {
    const config = path.join(folder, "nats.conf");
    writeFileSync(config, `jetstream { max_file_store: ${STORE_BYTES} }`);
    const nats = await startWith(["--jetstream", "--config", config]);
    await create("full");
    await untilTraining();
    const connection = await connect({ servers: nats.url });
    const manager = await connection.jetstreamManager();
    await manager.streams.add({ name: "BALLAST", subjects: ["ballast"] });
    for (let size = 1 << 17; size >= 1; size >>= 1) {
      while (await isStored(() => connection.jetstream().publish("ballast", new Uint8Array(size))));
    }
    openGate();
    await unanswered();
    assert.match(readFileSync(path.join(folder, "logs", "coordinator-0.log"), "utf8"), /JetStream has no room/);
    await manager.streams.delete("BALLAST");
    await connection.close();
    await assertCompleted("full");
  });

  it("on the disk of NATS goes on once there is room and NATS was started again", {
    ...LIMIT,
    skip: withoutSmallDisks,
  }, async () => {
    disk = new SmallDisk(DISK_BYTES);
    const nats = await startWith(["--jetstream"], disk.folder);
    await create("full");
    await untilTraining();
    disk.fill();
    openGate();
    await unanswered();
    disk.free();
    await nats.restart();
    await assertCompleted("full");
  });

  /** Waits until the coordinator cannot confirm that it leads. */
  async function unanswered(): Promise<void> {
    for (;;) {
      const error = await admin.client.getStudy({ studyId: "full" }).then(() => undefined, String);
      if (error !== undefined) return assert.match(error, /cannot confirm that it leads/);
      await delay(100);
    }
  }
});

async function isStored(publish: () => Promise<unknown>): Promise<boolean> {
  return await publish().then(
    () => true,
    () => false,
  );
}
