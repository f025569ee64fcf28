// Trainers in separate processes, killed and drained during a trial, with a real nats-server and a
// real coordinator.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import type { Artifact } from "@sintonia/coordinator/core/state/study";
import { readRecords } from "@sintonia/coordinator/shell/study/journal";
import type { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState, type Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Connected, connectAdminService } from "@sintonia/runtime/grpc/client";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { collect } from "../support/collect.js";
import { type RunningCoordinator, startCoordinator } from "../support/coordinator.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const TRAINER = fileURLToPath(import.meta.resolve("@sintonia/trainer/main"));

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** A spec with one trial of some seconds, whose checkpoint has every kind of state. */
const SPEC = `
name: resumed
dataset: { name: mnist, split: { train: [0, 2000], validation: [50000, 50500] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 1, maxAttemptsPerTrial: 9 }
seed: 5
oracle: { type: random }
parameters:
  rate: { type: double, min: 0.2, max: 0.4 }
model:
  layers:
    - { units: 48, activation: relu }
    - { type: BatchNormalization }
    - { type: Dropout, rate: $rate }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.003 }
  loss: categorical_crossentropy
  batchSize: 64
  maxEpochs: 24
  callbacks:
    - { type: ReduceLROnPlateau, monitor: val_loss, factor: 0.5, patience: 2 }
`;

const TEST_RESULT = {
  loss: 0.08,
  accuracy: 0.98,
  accuracyLow: 0.977,
  accuracyHigh: 0.983,
  examples: 10_000,
  scores: [],
  undefinedScores: [],
};
const EVALUATOR = {
  check: async () => undefined,
  evaluate: async (_: unknown, weights: Artifact) => ({ test: TEST_RESULT, models: [weights] }),
};

describe("a trial that loses its trainer", () => {
  let server: NatsServer;
  let running: RunningCoordinator;
  let admin: Connected<AdminServiceDefinition>;
  let cacheDir: string;
  const trainers = new Set<ChildProcess>();

  before(async () => {
    server = await startNatsServer();
    running = await startCoordinator(server.url, EVALUATOR);
    admin = connectAdminService(running.address);
  });
  after(async () => {
    admin.close();
    await running.stop();
    await server.stop();
  });
  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), "sintonia-resumption-"));
  });
  afterEach(async () => {
    for (const trainer of trainers) await ended(trainer, "SIGKILL");
    await rm(cacheDir, { recursive: true });
  });

  function startTrainer(checkpointIntervalMs: number): ChildProcess {
    const env = {
      ...process.env,
      SINTONIA_NATS_URL: server.url,
      SINTONIA_COORDINATOR_ADDRESS: running.address,
      SINTONIA_CACHE_DIR: cacheDir,
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_CHECKPOINT_INTERVAL_MS: String(checkpointIntervalMs),
      SINTONIA_LOG_LEVEL: "fatal",
    };
    const trainer = spawn(process.execPath, [TRAINER], { env, stdio: ["ignore", "ignore", "inherit"] });
    trainers.add(trainer);
    return trainer;
  }

  async function ended(trainer: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    trainers.delete(trainer);
    if (trainer.exitCode !== null || trainer.signalCode !== null) return;
    trainer.kill(signal);
    await once(trainer, "exit");
  }

  /** Follows the trial of a study until a condition holds. */
  async function until(studyId: string, wanted: (trial: Trial) => boolean): Promise<void> {
    for await (const { trials } of admin.client.watchStudy({ studyId })) if (trials.some(wanted)) return;
    assert.fail("the study ended before that");
  }

  async function outcomeOf(studyId: string) {
    for await (const { study } of admin.client.watchStudy({ studyId })) {
      assert.notEqual(study?.state, StudyState.FAILED, study?.message);
    }
    const { trial, weights } = await admin.client.getBestTrial({ studyId });
    const measured = trial?.measurements.map(({ seconds: _, ...measurement }) => measurement);
    return { measured, objective: trial?.objective, sha256: weights?.sha256 };
  }

  async function eventsOf(studyId: string): Promise<StudyEvent[]> {
    const logger = createLogger({ service: "test", instance: "test", level: "silent" });
    const nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "test", logger });
    try {
      const records = await collect(readRecords(new NatsStudyLog(nats), studyId));
      return records.flatMap(({ record }) => [...record.events]);
    } finally {
      await nats.close();
    }
  }

  /** Runs the study with one trainer to its end. */
  async function undisturbed() {
    const studyId = "undisturbed";
    await admin.client.createStudy({ spec: SPEC, studyId });
    const trainer = startTrainer(1e6);
    const outcome = await outcomeOf(studyId);
    await ended(trainer, "SIGTERM");
    return outcome;
  }

  async function assertResumedAs(studyId: string, expected: Awaited<ReturnType<typeof undisturbed>>) {
    assert.deepEqual(await outcomeOf(studyId), expected);
    const events = await eventsOf(studyId);
    const resumed = events.filter((event) => event.type === "trial-resumed");
    assert.equal(resumed.length, 1);
    assert.ok((resumed[0]?.epoch ?? 0) >= 1, "past the first epoch");
    const reported = events.flatMap((event) => (event.type === "epoch-reported" ? [event.measurement.epoch] : []));
    const begun = events.findIndex((event) => event.type === "trial-resumed");
    const first = events.slice(begun).find((event) => event.type === "epoch-reported");
    assert.equal(first?.measurement.epoch, (resumed[0]?.epoch ?? 0) + 1);
    assert.equal(reported.filter((epoch) => epoch === 0).length, 1, "nothing began anew");
  }

  let reference: Awaited<ReturnType<typeof undisturbed>>;

  it("ends with one trainer", LIMIT, async () => {
    reference = await undisturbed();
    assert.equal(reference.measured?.length, 24);
  });

  it("resumes from its last checkpoint after kill -9, and ends with the same bytes", LIMIT, async () => {
    const studyId = "killed";
    await admin.client.createStudy({ spec: SPEC, studyId });
    const first = startTrainer(0);
    await until(studyId, ({ checkpoint }) => (checkpoint?.epoch ?? 0) >= 2);
    await ended(first, "SIGKILL");
    startTrainer(0);
    await assertResumedAs(studyId, reference);
  });

  it("resumes where a drain interrupted it, and ends with the same bytes", LIMIT, async () => {
    const studyId = "drained";
    await admin.client.createStudy({ spec: SPEC, studyId });
    const first = startTrainer(1e6);
    await until(studyId, ({ epochs }) => epochs >= 4);
    await ended(first, "SIGTERM");
    const saved = (await eventsOf(studyId)).filter((event) => event.type === "checkpoint-saved");
    assert.ok((saved.at(-1)?.epoch ?? 0) >= 3, "the last epoch before the drain, or a later one");
    startTrainer(1e6);
    await assertResumedAs(studyId, reference);
  });
});
