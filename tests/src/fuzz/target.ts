// The coordinator under attack, and valid messages for its present state.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { FilesystemArtifactStore } from "@sintonia/coordinator/adapters/filesystem/artifact-store";
import { FilesystemCheckpointStore } from "@sintonia/coordinator/adapters/filesystem/checkpoint-store";
import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { FilesystemOutputStore } from "@sintonia/coordinator/adapters/filesystem/output/output-store";
import { adminService } from "@sintonia/coordinator/adapters/grpc/admin-service";
import { startCoordinatorServer } from "@sintonia/coordinator/adapters/grpc/server";
import { trainerService } from "@sintonia/coordinator/adapters/grpc/trainer-service";
import { MemoryAssignmentQueue } from "@sintonia/coordinator/adapters/memory/assignment-queue";
import { memoryCordons } from "@sintonia/coordinator/adapters/memory/cordons.fixture";
import { MemoryStudyLog } from "@sintonia/coordinator/adapters/memory/study-log";
import { TaskThread } from "@sintonia/coordinator/adapters/threads/task-thread";
import { isOver, type Study } from "@sintonia/coordinator/core/state/study";
import { TrialOutputs } from "@sintonia/coordinator/shell/output/trial-outputs";
import { Coordinator } from "@sintonia/coordinator/shell/running/coordinator";
import { ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import type { LeaseKey } from "@sintonia/proto/sintonia/v1/trainer";
import { systemTimers } from "@sintonia/runtime/clock";
import { connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import type { GrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";

const SPEC = `
name: fuzz
dataset: { name: mnist, split: { train: [0, 100], validation: [100, 200] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 10000, parallelTrials: 2, maxConsecutiveFailures: 10000, maxAttemptsPerTrial: 100 }
oracle: { type: random }
parameters: { stddev: { type: double, min: 0.01, max: 0.10 } }
model:
  layers:
    - { units: 4, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 32
  maxEpochs: 9999
  callbacks: []
`;

const TTL_MS = 15_000;
const TRAINER = { id: "trainer-1", engine: "onnx" };
const METRICS = { loss: 0.5, accuracy: 0.9, val_loss: 0.4, val_accuracy: 0.8 };

/** The trial whose lease the valid messages carry. */
interface Held {
  readonly key: LeaseKey;
  /** The next epoch. */
  readonly epoch: number;
}

/** A coordinator whose time stands still, with real files, threads and sockets. */
export class Target {
  readonly log = new MemoryStudyLog();
  readonly fatal: unknown[] = [];
  readonly #ends = new AbortController();
  readonly #tasks = new TaskThread();
  #folder = "";
  #server: GrpcServer | undefined;
  #held: Held | undefined;
  coordinator!: Coordinator;
  #clients!: ReturnType<typeof connect>;

  /** Address "host:port". */
  get address(): string {
    return `127.0.0.1:${this.#server?.port}`;
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(path.join(tmpdir(), "sintonia-fuzz-"));
    await mkdir(path.join(this.#folder, "outside"));
    await writeFile(path.join(this.#folder, "outside", "secret"), "secret");
    const artifacts = await FilesystemArtifactStore.open(path.join(this.#folder, "state", "artifacts"));
    const checkpoints = await FilesystemCheckpointStore.open(path.join(this.#folder, "state", "checkpoints"));
    const files = await FilesystemFileStore.open(path.join(this.#folder, "state", "files"));
    const logger = createLogger({ service: "coordinator", instance: "fuzz", level: "silent" });
    this.coordinator = new Coordinator({
      log: this.log,
      queue: new MemoryAssignmentQueue(),
      oracles: this.#tasks,
      evaluator: { check: async () => undefined, evaluate: () => Promise.reject(new Error("no data")) },
      checkpoints,
      clock: { monotonicMs: () => 0, wallTime: () => new Date(1_000) },
      timers: systemTimers,
      rules: { leaseTtlMs: TTL_MS, republishAfterMs: 60_000, setAsideMs: 60_000 },
      cordons: memoryCordons(),
      stateFault: () => undefined,
      trainerSilenceMs: TTL_MS,
      tickMs: 1_000_000,
      logger,
      signal: this.#ends.signal,
      onFatal: (error) => this.fatal.push(error),
    });
    await this.log.append("damaged", Buffer.from("{"), { after: 0, id: "damaged" });
    await this.coordinator.recover();
    const { coordinator } = this;
    const folder = path.join(this.#folder, "state", "output");
    const outputs = new TrialOutputs(new FilesystemOutputStore(folder), coordinator);
    const audit = { record: () => undefined, close: async () => undefined };
    const stores = { artifacts, checkpoints, files, outputs };
    const context = { coordinator, ...stores, readSpec: this.#tasks.readSpec, leaseTtlMs: TTL_MS };
    const services = {
      trainer: trainerService({ ...context, stopping: this.#ends.signal }),
      admin: adminService(context),
    };
    this.#server = await startCoordinatorServer(
      { standing: () => ({ kind: "serving", signal: this.#ends.signal }), services: () => services, logger, audit },
      { host: "127.0.0.1", port: 0, security: OPEN_DOORS },
    );
    this.#clients = connect(this.address);
    await this.#clients.admin.client.createStudy({ spec: SPEC, studyId: "fuzz" });
  }

  async stop(): Promise<void> {
    this.#ends.abort();
    for (const { close } of Object.values(this.#clients)) close();
    await this.#server?.stop(100);
    await this.#tasks.close();
    await rm(this.#folder, { recursive: true });
  }

  get study(): Study {
    const study = this.coordinator.study("fuzz");
    if (study === undefined) throw new Error("The study is gone.");
    return study;
  }

  /** Waits until the study has its two outstanding trials, which the oracle suggests. */
  async settle(): Promise<void> {
    const isSettled = ({ trials }: Study) => trials.filter(({ endedAt }) => endedAt === undefined).length >= 2;
    while (!isOver(this.study) && !isSettled(this.study)) await setImmediate();
  }

  /**
   * Returns valid messages of each call for the present state. Leases a trial, reports an epoch and
   * saves a checkpoint first, where the state needs it.
   */
  async validMessages(): Promise<Readonly<Record<string, readonly object[]>>> {
    const { key, epoch } = await this.#holding();
    const trial = this.study.trials.find(({ id }) => id === key.trialId);
    const checkpoint = trial?.checkpoints[0]?.artifact ?? artifactOf("none", ArtifactKind.CHECKPOINT);
    const weights = artifactOf("weights", ArtifactKind.WEIGHTS);
    const { studyId, trialId, attempt } = key;
    const named = { ...checkpoint, kind: ArtifactKind.CHECKPOINT };
    const measurement = { execution: 0, epoch, metrics: METRICS, learningRate: 0.001, seconds: 1 };
    const file = { sha256: weights.sha256, sizeBytes: weights.sizeBytes };
    const upload = [
      { part: { $case: "header", value: { lease: key, artifact: weights } } },
      { part: { $case: "chunk", value: Buffer.from("weights") } },
    ];
    return {
      acquireLease: [{ studyId, trialId, attempt, trainer: TRAINER }],
      reportEpoch: [{ lease: key, measurement }],
      reportEpochs: [{ lease: key, measurement }],
      heartbeat: [{ trainer: TRAINER, lease: key }],
      uploadArtifact: upload,
      saveCheckpoint: [{ lease: key, checkpoint: { artifact: named, execution: 0, epoch: 0 } }],
      downloadCheckpoint: [{ lease: key, sha256: named.sha256 }],
      downloadFile: [{ sha256: file.sha256, offset: 1 }],
      hasFiles: [{ files: [file, file] }],
      uploadFile: [
        { part: { $case: "header", value: { file, offset: 0 } } },
        { part: { $case: "chunk", value: Buffer.from("weights") } },
      ],
      resumeTrial: [{ lease: key, sha256: named.sha256 }],
      appendOutput: [{ lease: key, offset: 5, chunk: Buffer.from("output") }],
      readOutput: [{ studyId, trialId, attempt, offset: 1, follow: true }],
      completeTrial: [{ lease: key, weights, keptEpochs: [0] }],
      failTrial: [{ lease: key, kind: 3, message: "The process died." }],
      createStudy: [{ spec: SPEC, studyId: "fuzz" }],
      getStudy: [{ studyId }],
      listStudies: [{ pageSize: 1, pageToken: "1000:fuzz" }],
      listTrials: [{ studyId, withMeasurements: true, pageToken: "1", trialId }],
      watchStudy: [{ studyId }],
      getBestTrial: [{ studyId }],
      explainTrial: [{ studyId, trialId }],
      getImportance: [{ studyId, wholeSpace: true }],
      getCaller: [{}],
      listCurves: [{ studyId, metric: "loss", maxPoints: 2, trialId, pageSize: 1, pageToken: "0:1" }],
      getSurrogate: [{ studyId, parameter: "stddev", trialId, steps: 2 }],
      listEvents: [{ studyId, trialId, afterSequence: 1, pageSize: 1, withEpochs: true }],
      downloadArtifact: [{ studyId, sha256: weights.sha256 }],
      readStudyLog: [{ studyId }],
      stopStudy: [{ studyId: "nobody", reason: "Enough." }],
    };
  }

  /** Holds a trial with a saved checkpoint. */
  async #holding(): Promise<Held> {
    await this.settle();
    const held = this.#held;
    const trial = this.study.trials.find(({ id }) => id === held?.key.trialId);
    const isHeld = trial?.state === "running" && trial.lease?.token === held?.key.token && trial.checkpoints.length > 0;
    this.#held = isHeld && held !== undefined ? { ...held, epoch: trial.measurements.length } : await this.#leased();
    return this.#held;
  }

  async #leased(): Promise<Held> {
    const { client } = this.#clients.trainer;
    const open = this.study.trials.find(({ endedAt }) => endedAt === undefined);
    if (open === undefined) throw new Error("The study has no open trial.");
    // A trial that a mutated call leased, or whose checkpoints it dropped, is given back.
    if (open.state !== "queued") {
      const { token = 0, secret = "" } = open.lease ?? {};
      const lease = { studyId: "fuzz", trialId: open.id, attempt: open.attempt, token, secret };
      await client.failTrial({ lease, kind: 4, message: "" });
      return await this.#leased();
    }
    const request = { studyId: "fuzz", trialId: open.id, attempt: open.attempt, trainer: TRAINER };
    const { outcome } = await client.acquireLease(request);
    if (outcome?.$case !== "lease" || outcome.value.key === undefined) throw new Error("The lease was not granted.");
    const { key } = outcome.value;
    const measurement = { execution: 0, epoch: 0, metrics: METRICS, learningRate: 0.001, seconds: 1 };
    await client.reportEpoch({ lease: key, measurement });
    const content = `checkpoint of token ${key.token}`;
    const artifact = artifactOf(content, ArtifactKind.CHECKPOINT);
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: key, artifact } } };
      yield { part: { $case: "chunk" as const, value: Buffer.from(content) } };
    }
    await client.uploadArtifact(parts());
    await client.saveCheckpoint({ lease: key, checkpoint: { artifact, execution: 0, epoch: 0 } });
    return { key, epoch: 1 };
  }

  /** Returns the files that the stores do not know, with their contents. */
  async strayFiles(): Promise<readonly string[]> {
    const names = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const known =
      /\/state\/(?:output\/fuzz\/\d+\/\d+-\d+|(?:artifacts|checkpoints|files)\/(?:[0-9a-f]{2}\/[0-9a-f]{64}|owners\/[0-9a-f]{64}\.txt|partial\/[0-9a-f]{64}\.part))$/;
    const stray = files.filter((file) => !known.test(file));
    return await Promise.all(stray.map(async (file) => `${path.basename(file)}: ${await readFile(file, "utf8")}`));
  }
}

function connect(address: string) {
  return { admin: connectAdminService(address), trainer: connectTrainerService(address) };
}

function artifactOf(content: string, kind: ArtifactKind) {
  return { kind, sha256: createHash("sha256").update(content).digest("hex"), sizeBytes: content.length };
}
