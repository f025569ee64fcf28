// A whole trainer with real gRPC, a real training process and real MNIST digits. Only its work
// queue is simulated.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FileCache } from "@sintonia/files/cache/file-cache";
import { ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import { Directive, FailureKind, LeaseRefusal } from "@sintonia/proto/sintonia/v1/trainer";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemTimers } from "@sintonia/runtime/clock";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { createLogger } from "@sintonia/runtime/logger";
import { CoordinatorClient } from "@sintonia/trainer/adapters/grpc/coordinator-client";
import { CoordinatorFiles } from "@sintonia/trainer/adapters/grpc/file-origin";
import { MemoryAssignmentSource } from "@sintonia/trainer/adapters/memory/assignment-source";
import { FetchedTraining } from "@sintonia/trainer/adapters/process/fetched-training";
import { ForkedTraining } from "@sintonia/trainer/adapters/process/forked-training";
import { LEAVE_PART } from "@sintonia/trainer/core/decide/time";
import { TrainerRunner } from "@sintonia/trainer/shell/trainer-runner";
import { TrialLogs } from "@sintonia/trainer/shell/trial-logs";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { ScriptedCoordinator, type TrialScript, TTL_MS } from "../support/scripted-coordinator.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 120_000 };

/** A plan of two short epochs on a few MNIST digits. */
function tinyPlan({ maxEpochs = 2, learningRate = 0.001, rows = 320, batchSize = 32 } = {}): TrainingPlan {
  const dense = {
    type: "Dense",
    useBias: true,
    kernelInitializer: { type: "GlorotUniform" },
    biasInitializer: { type: "Zeros" },
  } as const;
  return {
    dataset: { name: "mnist", split: { train: [0, rows], validation: [50_000, 50_100] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: {
      layers: [
        { units: 128, activation: "relu", ...dense },
        { units: 10, activation: "softmax", ...dense },
      ],
    },
    training: {
      optimizer: { type: "adam", learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      loss: { type: "categorical_crossentropy", labelSmoothing: 0 },
      batchSize,
      maxEpochs,
      callbacks: [],
    },
    seeds: [1],
  };
}

/** Epochs of a trial whose first checkpoint is stored long before its end. */
const EPOCHS = 20;

/** A plan that trains until it is stopped. */
const endlessPlan = tinyPlan({ maxEpochs: 10_000 });

/** A checkpoint interval in milliseconds that no test reaches. */
const NO_CHECKPOINTS_MS = 1e9;
const DRAIN_MS = 15_000;

async function startTrainer(
  t: TestContext,
  checkpointIntervalMs = NO_CHECKPOINTS_MS,
  nowMs: () => number = () => performance.now(),
) {
  const cacheDir = await mkdtemp(join(tmpdir(), "sintonia-trainer-"));
  const coordinator = new ScriptedCoordinator();
  const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
  const { client, close } = connectTrainerService(await coordinator.start());
  const child = new ForkedTraining(
    { engine: "onnx", threads: 1, cacheDir, allowDownload: false },
    new TrialLogs(logger),
    { env: process.env },
  );
  const cache = join(cacheDir, "files");
  const files = new FileCache({ folder: cache, bytesMax: 1e6, origin: new CoordinatorFiles(client), logger });
  const training = new FetchedTraining(child, files);
  const queue = new MemoryAssignmentSource();
  let skippedMs = 0;
  const runner = new TrainerRunner({
    assignments: queue,
    coordinator: new CoordinatorClient(
      client,
      { id: "trainer-test", engine: "onnx", equipment: undefined },
      { timers: systemTimers },
    ),
    training,
    clock: { monotonicMs: () => nowMs() + skippedMs, wallTime: () => new Date() },
    timers: systemTimers,
    logs: new TrialLogs(logger),
    settings: { checkpointIntervalMs, drainMs: DRAIN_MS },
  });
  const ended = runner.run();
  const giveUp = (error: Error): void => coordinator.expectNoMore(error);
  void ended.then((fault) => giveUp(new Error(fault ?? "the trainer was drained")), giveUp);
  t.after(async () => {
    runner.drain();
    coordinator.speak();
    await ended;
    await training.close();
    files.close();
    close();
    await coordinator.stop();
    await rm(cacheDir, { recursive: true });
  });
  const skip = (ms: number): void => {
    skippedMs += ms;
  };
  /** Offers an assignment with the script of its trial. */
  const offer = async (trialId: string, script: Partial<TrialScript> = {}): Promise<void> => {
    coordinator.scripts.set(trialId, { plan: tinyPlan(), ...script });
    await queue.publish({ studyId: studyIdOf("digits"), trialId: trialIdOf(trialId), attempt: 1 });
  };
  return { coordinator, training: child, runner, ended, skip, offer };
}

/** Trains one more trial to its end, which shows that the trainer still works. */
async function completesAnother({ coordinator, offer }: Awaited<ReturnType<typeof startTrainer>>): Promise<void> {
  await offer("99");
  await coordinator.nth("completeTrial", 1, ({ lease }) => lease?.trialId === "99");
}

test("trains a trial, reports each epoch in order, uploads the weights and completes it", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer } = trainer;
  await offer("00");
  const { lease, weights } = await coordinator.nth("completeTrial");
  assert.deepEqual(lease, { studyId: "digits", trialId: "00", attempt: 1, token: 1, secret: "" });
  const reports = coordinator.all("reportEpoch").map(({ measurement }) => measurement);
  assert.deepEqual(
    reports.map((report) => [report?.execution, report?.epoch]),
    [
      [0, 0],
      [0, 1],
    ],
  );
  const metrics = Object.keys(reports[0]?.metrics ?? {}).sort();
  assert.deepEqual(metrics, ["accuracy", "loss", "val_accuracy", "val_loss"]);
  assert.equal(reports[0]?.learningRate, Math.fround(0.001));
  const [upload] = coordinator.all("uploadArtifact");
  assert.equal(upload?.sha256, upload?.sha256Declared);
  assert.equal(upload?.sha256, weights?.sha256);
  assert.equal(upload?.bytes, weights?.sizeBytes);
  assert.equal(upload?.chunkBytesMax, 256 * 1024);
});

test("sends a heartbeat before its first assignment, and again after each trial", LIMIT, async (t) => {
  const { coordinator, offer } = await startTrainer(t);
  const first = await coordinator.nth("heartbeat");
  assert.deepEqual(first, { trainer: { id: "trainer-test", engine: "onnx", equipment: undefined }, lease: undefined });
  await offer("00");
  await coordinator.nth("completeTrial");
  await coordinator.nth("heartbeat", 2, ({ lease }) => lease === undefined);
});

test("trains one trial after another in the same process, with the same results", LIMIT, async (t) => {
  const { coordinator, offer, training } = await startTrainer(t);
  await offer("00");
  await coordinator.nth("completeTrial");
  const { pid } = training;
  await offer("01");
  await coordinator.nth("completeTrial", 2);
  assert.equal(training.pid, pid);
  const [first, second] = coordinator.all("uploadArtifact");
  assert.equal(first?.sha256, second?.sha256);
});

test(
  "trains a trial with the same result in a process that trained others before, and in a new one",
  LIMIT,
  async (t) => {
    const others = [tinyPlan({ rows: 500, learningRate: 0.01 }), tinyPlan({ maxEpochs: 1 })];
    const used = await startTrainer(t);
    const fresh = await startTrainer(t);
    for (const [index, plan] of others.entries()) {
      await used.offer(`0${index}`, { plan });
      await used.coordinator.nth("completeTrial", index + 1);
    }
    const results = [];
    for (const { coordinator, offer } of [used, fresh]) {
      await offer("09", { plan: tinyPlan({ maxEpochs: 3 }) });
      const { weights } = await coordinator.nth("completeTrial", 1, ({ lease }) => lease?.trialId === "09");
      const reports = coordinator.all("reportEpoch").filter(({ lease }) => lease?.trialId === "09");
      results.push([weights?.sha256, reports.map(({ measurement }) => ({ ...measurement, seconds: 0 }))]);
    }
    assert.deepEqual(results[0], results[1]);
  },
);

test("acknowledges a refused assignment and continues with the next one", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer } = trainer;
  await offer("00", { refusal: LeaseRefusal.TRIAL_SETTLED });
  await coordinator.nth("acquireLease");
  await completesAnother(trainer);
  assert.ok(coordinator.all("reportEpoch").every(({ lease }) => lease?.trialId === "99"));
});

test("discards the attempt when the answer to a report is that the lease is lost", LIMIT, async (t) => {
  // No answer is late while the clock stands still.
  const trainer = await startTrainer(t, NO_CHECKPOINTS_MS, () => 0);
  const { coordinator, offer, training } = trainer;
  await offer("00", { plan: endlessPlan, lostAtEpoch: 1 });
  await coordinator.nth("reportEpoch", 2);
  const { pid } = training;
  await completesAnother(trainer);
  assert.equal(training.pid, pid, "a training process that waits for an answer is kept");
  assert.equal(coordinator.all("reportEpoch").filter(({ lease }) => lease?.trialId === "00").length, 2);
  assert.deepEqual(coordinator.all("failTrial"), []);
});

test("stops during an epoch when the answer to a heartbeat is to stop", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer } = trainer;
  const plan = tinyPlan({ rows: 50_000, maxEpochs: 1_000, batchSize: 4 });
  await offer("00", { plan, heartbeatIntervalMs: 100, heartbeat: Directive.STOP });
  await coordinator.nth("heartbeat", 1, ({ lease }) => lease !== undefined);
  await completesAnother(trainer);
  assert.ok(coordinator.all("reportEpoch").every(({ lease }) => lease?.trialId === "99"));
  assert.deepEqual(coordinator.all("failTrial"), []);
});

test("reports a loss of NaN as infeasible", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer } = trainer;
  await offer("00", { plan: tinyPlan({ learningRate: 1e30 }) });
  const { kind, message } = await coordinator.nth("failTrial");
  assert.equal(kind, FailureKind.INFEASIBLE);
  assert.match(message, /became (NaN|infinite) in epoch 1/);
  await completesAnother(trainer);
});

test("reports a plan that it cannot train as an error in one line", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer } = trainer;
  await offer("00", { plan: { ...tinyPlan(), seeds: [] } });
  const { kind, message } = await coordinator.nth("failTrial");
  assert.equal(kind, FailureKind.ERROR);
  assert.match(message, /^The training plan is not valid: seeds: .+$/);
  await completesAnother(trainer);
});

test(
  "fails the attempt as interrupted when its training process is killed, and starts another process",
  LIMIT,
  async (t) => {
    const trainer = await startTrainer(t);
    const { coordinator, offer, training } = trainer;
    await offer("00", { plan: endlessPlan });
    await coordinator.nth("reportEpoch");
    assert.ok(training.pid !== undefined);
    process.kill(training.pid, "SIGKILL");
    const { kind, message } = await coordinator.nth("failTrial");
    assert.equal(kind, FailureKind.INTERRUPTED);
    assert.equal(message, "The training process of the trainer died (signal SIGKILL).");
    await completesAnother(trainer);
  },
);

test("stops training when the coordinator does not answer for the time to live of the lease", LIMIT, async (t) => {
  const trainer = await startTrainer(t);
  const { coordinator, offer, skip } = trainer;
  await offer("00", { plan: endlessPlan });
  await coordinator.nth("reportEpoch", 2);
  coordinator.fallSilent();
  await offer("01");
  skip(TTL_MS);
  // The trainer asks for the next trial, so it no longer holds this one.
  await coordinator.nth("acquireLease", 2);
  const reported = coordinator.all("reportEpoch").length;
  coordinator.speak();
  await coordinator.nth("completeTrial", 1, ({ lease }) => lease?.trialId === "01");
  const after = coordinator.all("reportEpoch").slice(reported);
  assert.ok(
    after.every(({ lease }) => lease?.trialId === "01"),
    "nothing is reported under the old lease",
  );
  assert.deepEqual(coordinator.all("failTrial"), []);
});

test("repeats its calls while the coordinator is unavailable, and continues training afterwards", LIMIT, async (t) => {
  const { coordinator, offer } = await startTrainer(t);
  await offer("00");
  await coordinator.nth("reportEpoch");
  coordinator.failures = 3;
  await coordinator.nth("completeTrial");
  const epochs = coordinator.all("reportEpoch").map(({ measurement }) => measurement?.epoch);
  assert.deepEqual([...new Set(epochs)], [0, 1]);
  assert.equal(coordinator.all("acquireLease").length, 1);
  assert.deepEqual(coordinator.all("failTrial"), []);
});

test("hands its attempt back as preempted and ends when it is drained", LIMIT, async (t) => {
  const { coordinator, offer, runner, ended } = await startTrainer(t);
  await offer("00", { plan: endlessPlan });
  await coordinator.nth("reportEpoch");
  runner.drain();
  const { kind, message } = await coordinator.nth("failTrial");
  assert.equal(kind, FailureKind.PREEMPTED);
  assert.equal(message, "The trainer was asked to stop.");
  assert.equal(await ended, undefined);
});

/** Returns the checkpoint that the n-th checkpoint upload stored, and its content. */
async function savedCheckpoint(coordinator: ScriptedCoordinator, count = 1) {
  const { checkpoint } = await coordinator.nth("saveCheckpoint", count);
  assert.ok(checkpoint !== undefined);
  const upload = coordinator.all("uploadArtifact").find(({ sha256 }) => sha256 === checkpoint.artifact?.sha256);
  assert.equal(upload?.kind, ArtifactKind.CHECKPOINT);
  return { checkpoint, content: upload.content };
}

/** Returns the reported epochs of a trial, without their durations. */
function reportsOf(coordinator: ScriptedCoordinator, attemptToken: number) {
  const reports = coordinator.all("reportEpoch").filter(({ lease }) => lease?.token === attemptToken);
  return reports.map(({ measurement }) => ({ ...measurement, seconds: 0 }));
}

function weightsOf(coordinator: ScriptedCoordinator, attemptToken: number): string | undefined {
  return coordinator.all("completeTrial").find(({ lease }) => lease?.token === attemptToken)?.weights?.sha256;
}

test("resumes from a checkpoint of an earlier attempt, and ends with the same bytes", LIMIT, async (t) => {
  const plan = tinyPlan({ maxEpochs: EPOCHS });
  const { coordinator, offer } = await startTrainer(t, 0);
  await offer("00", { plan });
  await coordinator.nth("completeTrial");
  const whole = reportsOf(coordinator, 1);
  const { checkpoint, content } = await savedCheckpoint(coordinator);
  assert.ok(checkpoint.epoch < EPOCHS - 1, "the trial has epochs left after its first checkpoint");
  await offer("00", { plan, checkpoints: [{ checkpoint, content }] });
  await coordinator.nth("completeTrial", 2);
  const [resumption] = coordinator.all("resumeTrial");
  assert.equal(resumption?.sha256, checkpoint.artifact?.sha256);
  assert.deepEqual(reportsOf(coordinator, 2), whole.slice(checkpoint.epoch + 1));
  assert.equal(weightsOf(coordinator, 2), weightsOf(coordinator, 1));
  assert.deepEqual(coordinator.all("completeTrial")[1]?.keptEpochs, coordinator.all("completeTrial")[0]?.keptEpochs);
});

test(
  "falls back to the checkpoint before one that is missing, damaged or of another plan, then to the start",
  LIMIT,
  async (t) => {
    const plan = tinyPlan({ maxEpochs: EPOCHS });
    const trainer = await startTrainer(t, 0);
    const { coordinator, offer } = trainer;
    await offer("00", { plan });
    await coordinator.nth("completeTrial");
    const whole = reportsOf(coordinator, 1);
    const good = await savedCheckpoint(coordinator);
    const damaged = Buffer.from(good.content);
    damaged[200] = (damaged[200] as number) ^ 4;
    const sha256 = createHash("sha256").update(damaged).digest("hex");
    const artifact = { kind: ArtifactKind.CHECKPOINT, sizeBytes: damaged.length, sha256 };
    const bad = { checkpoint: { ...good.checkpoint, artifact }, content: damaged };
    const missing = { checkpoint: { ...good.checkpoint, artifact: { ...artifact, sha256: "0".repeat(64) } } };
    const cases = [
      { checkpoints: [bad, good], plan, from: good.checkpoint.epoch + 1 },
      { checkpoints: [missing, good], plan, from: good.checkpoint.epoch + 1 },
      { checkpoints: [missing, bad], plan, from: 0 },
      { checkpoints: [good], plan: tinyPlan({ maxEpochs: EPOCHS, learningRate: 0.002 }), from: 0 },
    ];
    for (const [index, { from, ...script }] of cases.entries()) {
      await offer("00", script);
      await coordinator.nth("completeTrial", index + 2);
      const reports = reportsOf(coordinator, index + 2);
      assert.equal(reports[0]?.epoch, from, `case ${index}`);
      if (script.plan === plan) assert.deepEqual(reports, whole.slice(from), `case ${index}`);
    }
    assert.deepEqual(coordinator.all("failTrial"), []);
  },
);

test("saves its last epoch when it is drained, before it fails the attempt", LIMIT, async (t) => {
  const { coordinator, offer, runner, ended } = await startTrainer(t);
  await offer("00", { plan: endlessPlan });
  await coordinator.nth("reportEpoch", 3);
  runner.drain();
  assert.equal(await ended, undefined);
  const { checkpoint } = await savedCheckpoint(coordinator);
  assert.ok(checkpoint.epoch >= 1, "the epoch that was answered last, not the first");
  const order = coordinator.heard.map(({ call }) => call);
  assert.ok(order.indexOf("saveCheckpoint") < order.indexOf("failTrial"));
  assert.equal(coordinator.all("failTrial")[0]?.kind, FailureKind.PREEMPTED);
});

test("fails its attempt in time when the upload of its last checkpoint does not end", LIMIT, async (t) => {
  const { coordinator, offer, runner, ended, skip } = await startTrainer(t);
  await offer("00", { plan: endlessPlan });
  await coordinator.nth("reportEpoch", 2);
  coordinator.holdUploads();
  runner.drain();
  await coordinator.nth("uploadArtifact");
  skip(LEAVE_PART * DRAIN_MS);
  assert.equal((await coordinator.nth("failTrial")).kind, FailureKind.PREEMPTED);
  assert.equal(await ended, undefined);
});

test("leaves no training process when it is killed", LIMIT, async () => {
  // The child shares standard error of the trainer. The stream ends when both processes have ended.
  const program = `
    const { ForkedTraining } = await import("@sintonia/trainer/adapters/process/forked-training");
    const { TrialLogs } = await import("@sintonia/trainer/shell/trial-logs");
    const { createLogger } = await import("@sintonia/runtime/logger");
    const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
    const settings = { engine: "onnx", threads: 1, cacheDir: "unused", allowDownload: false };
    const training = new ForkedTraining(settings, new TrialLogs(logger), { env: process.env });
    training.start(({ type }) => console.log(type));
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], { cwd: import.meta.dirname });
  const [said] = await once(parent.stdout, "data");
  assert.equal(String(said).trim(), "engine-ready");
  parent.kill("SIGKILL");
  parent.stderr.resume();
  await once(parent.stderr, "end");
});

test(
  "fetches the files of a plan, and names the one that nobody has, with and without a checkpoint",
  LIMIT,
  async (t) => {
    const trainer = await startTrainer(t);
    const { coordinator, offer } = trainer;
    const content = Buffer.from("a,b\n1,2\n");
    const sha256 = createHash("sha256").update(content).digest("hex");
    coordinator.files.set(sha256, content);
    const absent = "0".repeat(64);
    const files = { "data.csv": { sha256, sizeBytes: content.length }, "absent.csv": { sha256: absent, sizeBytes: 1 } };
    const plan = tinyPlan();
    const withFiles = { ...plan, dataset: { ...plan.dataset, files } } as TrainingPlan;
    const bytes = Buffer.from("a checkpoint");
    const checkpoint = {
      artifact: {
        kind: ArtifactKind.CHECKPOINT,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        sizeBytes: 12,
      },
      execution: 0,
      epoch: 0,
    };
    await offer("00", { plan: withFiles });
    await offer("01", { plan: withFiles, checkpoints: [{ checkpoint, content: bytes }] });
    for (const trialId of ["00", "01"]) {
      const failed = await coordinator.nth("failTrial", 1, ({ lease }) => lease?.trialId === trialId);
      assert.equal(failed.kind, FailureKind.TRAINER);
      assert.match(
        failed.message,
        /^file absent.csv: the coordinator does not store it \(SHA-256 0{64}\); to upload it, repeat/,
      );
    }
    assert.deepEqual(
      coordinator.all("downloadFile").map((request) => request.sha256),
      [sha256, absent, absent],
    );
    await completesAnother(trainer);
  },
);
