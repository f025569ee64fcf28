// What a caller without a right may try: foreign files, foreign checkpoints, missing leases.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ArtifactKind } from "@sintonia/proto/sintonia/v1/study";
import {
  Directive,
  type TrainerServiceClient,
  TrainerServiceDefinition,
  type UploadArtifactRequest,
  type LeaseKey as WireLeaseKey,
} from "@sintonia/proto/sintonia/v1/trainer";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemTimers } from "@sintonia/runtime/clock";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { createLogger } from "@sintonia/runtime/logger";
import { type ClientError, Status } from "nice-grpc-common";
import { epochOf, RULES, specOf } from "../../../core/scenario.fixture.js";
import type { OracleService } from "../../../ports/oracle-service.js";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { TrialOutputs } from "../../../shell/output/trial-outputs.js";
import { Coordinator } from "../../../shell/running/coordinator.js";
import { FilesystemArtifactStore } from "../../filesystem/artifact-store.js";
import { FilesystemCheckpointStore } from "../../filesystem/checkpoint-store.js";
import { FilesystemFileStore } from "../../filesystem/file-store.js";
import { MemoryAssignmentQueue } from "../../memory/assignment-queue.js";
import { memoryCordons } from "../../memory/cordons.fixture.js";
import { MemoryOutputStore } from "../../memory/output-store.js";
import { MemoryStudyLog } from "../../memory/study-log.js";
import { TASKS } from "../../threads/tasks.js";
import { trainerService } from "../trainer-service.js";
import { receiveArtifact } from "../transfer/artifact-upload.js";
import { UploadQuota } from "../transfer/upload-quota.js";
import type { LeasedCall } from "./call-rules.js";

const STUDY = studyIdOf("study");
const ORACLES: OracleService = {
  suggest: async (...given) => TASKS.suggest(...given),
  explain: () => assert.fail("nothing is explained"),
  importance: () => assert.fail("nothing is analysed"),
  slice: () => assert.fail("nothing is analysed"),
  contenders: () => assert.fail("no contender is chosen"),
  select: () => assert.fail("no best trial is chosen"),
  close: async () => undefined,
};
const TRAINER = { id: "trainer-1", engine: "onnx" };
const SPEC = {
  ...specOf({ maxTrials: 2 }),
  model: { layers: [{ units: 10, activation: "softmax" }] },
  training: {
    optimizer: { type: "adam", learningRate: 0.001 },
    loss: "categorical_crossentropy",
    batchSize: 32,
    maxEpochs: 2,
    callbacks: [],
  },
};

describe("calls without a right", () => {
  let folder: string;
  let secret: string;
  let coordinator: Coordinator;
  let artifacts: FilesystemArtifactStore;
  let checkpoints: FilesystemCheckpointStore;
  let files: FilesystemFileStore;
  let outputStore: MemoryOutputStore;
  let outputs: TrialOutputs;
  let service: ReturnType<typeof trainerService>;
  let client: TrainerServiceClient;
  let ends: AbortController;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sintonia-attacks-"));
    secret = join(folder, "secret");
    await writeFile(secret, "secret");
    ends = new AbortController();
    artifacts = await FilesystemArtifactStore.open(join(folder, "state", "artifacts"));
    checkpoints = await FilesystemCheckpointStore.open(join(folder, "state", "checkpoints"));
    files = await FilesystemFileStore.open(join(folder, "state", "files"));
    coordinator = new Coordinator({
      log: new MemoryStudyLog(),
      queue: new MemoryAssignmentQueue(),
      oracles: ORACLES,
      evaluator: { check: async () => undefined, evaluate: () => assert.fail("nothing is evaluated") },
      checkpoints,
      clock: { monotonicMs: () => 0, wallTime: () => new Date(1_000) },
      timers: systemTimers,
      rules: RULES,
      cordons: memoryCordons(),
      stateFault: () => undefined,
      trainerSilenceMs: 1_000,
      tickMs: 1_000_000,
      logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
      signal: ends.signal,
      onFatal: (error) => assert.fail(error as Error),
    });
    outputStore = new MemoryOutputStore();
    outputs = new TrialOutputs(outputStore, coordinator);
    service = trainerService({
      coordinator,
      artifacts,
      checkpoints,
      files,
      outputs,
      leaseTtlMs: RULES.leaseTtlMs,
      stopping: ends.signal,
    });
    client = inProcessClient<TrainerServiceClient>(TrainerServiceDefinition, service);
    await coordinator.create(SPEC, STUDY);
    for (const id of ["trainer-1", "trainer-2"]) await coordinator.noteTrainer(id);
    await coordinator.noteTrainer("trainer-3");
  });
  afterEach(async () => {
    ends.abort();
    await rm(folder, { recursive: true });
  });

  async function lease(trialId: string): Promise<WireLeaseKey> {
    for await (const { study } of coordinator.watch(STUDY, AbortSignal.timeout(5_000)) ?? []) {
      if (study.trials.some((trial) => trial.id === trialId)) break;
    }
    const { outcome } = await client.acquireLease({ studyId: STUDY, trialId, attempt: 1, trainer: TRAINER });
    assert.ok(outcome?.$case === "lease" && outcome.value.key !== undefined, JSON.stringify(outcome));
    return outcome.value.key;
  }

  function checkpointOf(content: string) {
    const sha256 = createHash("sha256").update(content).digest("hex");
    return { kind: ArtifactKind.CHECKPOINT, sha256, sizeBytes: content.length };
  }

  async function upload(
    key: WireLeaseKey,
    content: string,
    kind: ArtifactKind = ArtifactKind.CHECKPOINT,
    name = "trainer-*",
  ) {
    const artifact = { ...checkpointOf(content), kind };
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: key, artifact } } };
      yield { part: { $case: "chunk" as const, value: Buffer.from(content) } };
    }
    const context = { caller: { name, role: "trainer" }, signal: ends.signal };
    await (service.uploadArtifact as (parts: unknown, context: unknown) => Promise<unknown>)(parts(), context);
    return artifact;
  }

  async function save(key: WireLeaseKey, content: string): Promise<Directive> {
    const artifact = checkpointOf(content);
    return (await client.saveCheckpoint({ lease: key, checkpoint: { artifact, execution: 0, epoch: 0 } })).directive;
  }

  const refused = (status: Status, text: RegExp) => (error: ClientError) => {
    assert.equal(Status[error.code], Status[status], error.details);
    assert.match(error.details, text);
    return true;
  };

  for (const sha256 of ["../../../secret", "..", "/etc/passwd", "", "0".repeat(63), "A".repeat(64), "a\0"]) {
    it(`touches no file under the checksum ${JSON.stringify(sha256)}, with a lease or without`, async () => {
      const held = await lease("0");
      for (const key of [held, { ...held, token: 99 }, { ...held, studyId: "none" }]) {
        const artifact = { kind: ArtifactKind.CHECKPOINT, sha256, sizeBytes: 6 };
        const invalid = refused(
          Status.INVALID_ARGUMENT,
          /sha256: received .*expected 64 lower-case hexadecimal digits/,
        );
        await assert.rejects(client.saveCheckpoint({ lease: key, checkpoint: { artifact } }), invalid);
        await assert.rejects(client.downloadCheckpoint({ lease: key, sha256 })[Symbol.asyncIterator]().next(), invalid);
        await assert.rejects(client.resumeTrial({ lease: key, sha256 }), invalid);
        const weights = { ...artifact, kind: ArtifactKind.WEIGHTS };
        await assert.rejects(client.completeTrial({ lease: key, weights }), invalid);
      }
      assert.ok(existsSync(secret));
    });
  }

  it("lets no trial save, read or delete the checkpoint of another trial", async () => {
    const [mine, foreign] = [await lease("0"), await lease("1")];
    for (const key of [mine, foreign]) await client.reportEpoch({ lease: key, measurement: wire(epochOf(0, 0.5)) });
    const { sha256 } = await upload(foreign, "foreign");
    assert.equal(await save(foreign, "foreign"), Directive.CONTINUE);
    await assert.rejects(save(mine, "foreign"), refused(Status.NOT_FOUND, /of trial 0 does not exist/));
    const read = client.downloadCheckpoint({ lease: mine, sha256 })[Symbol.asyncIterator]().next();
    await assert.rejects(read, refused(Status.NOT_FOUND, /of trial 0 does not exist/));
    await assert.rejects(upload(mine, "foreign"), /belongs to another trial/);
    assert.deepEqual(
      (await checkpoints.list()).map((stored) => stored.sha256),
      [sha256],
    );
  });

  it("lets no trainer use the lease of another one, in any call, nor another one's name", async () => {
    const key = await lease("0");
    const before = coordinator.study(STUDY);
    const stores = { artifacts, checkpoints, files, outputs };
    const service = trainerService({ coordinator, ...stores, leaseTtlMs: 1_000, stopping: ends.signal });
    const eve = inProcessClient<TrainerServiceClient>(TrainerServiceDefinition, service, {
      name: "eve",
      role: "trainer",
    });
    const { sha256 } = checkpointOf("eve's");
    const artifact = { kind: ArtifactKind.WEIGHTS, sha256, sizeBytes: 5 };
    const checkpoint = { artifact: { ...artifact, kind: ArtifactKind.CHECKPOINT } };
    const calls: Readonly<Record<Exclude<LeasedCall, "uploadArtifact">, () => Promise<unknown>>> = {
      heartbeat: () => eve.heartbeat({ lease: key }),
      reportEpoch: () => eve.reportEpoch({ lease: key, measurement: wire(epochOf(0, 0.5)) }),
      reportEpochs: () => {
        const report = async function* () {
          yield { lease: key, measurement: wire(epochOf(0, 0.5)) };
        };
        return eve.reportEpochs(report())[Symbol.asyncIterator]().next();
      },
      saveCheckpoint: () => eve.saveCheckpoint({ lease: key, checkpoint }),
      downloadCheckpoint: () => eve.downloadCheckpoint({ lease: key, sha256 })[Symbol.asyncIterator]().next(),
      resumeTrial: () => eve.resumeTrial({ lease: key, sha256 }),
      appendOutput: () => eve.appendOutput({ lease: key, offset: 0, chunk: Buffer.from("x") }),
      completeTrial: () => eve.completeTrial({ lease: key, weights: artifact }),
      failTrial: () => eve.failTrial({ lease: key, kind: 3, message: "" }),
    };
    const foreign = refused(Status.PERMISSION_DENIED, /^eve may not use the lease of trial 0, which another trainer/);
    for (const call of Object.values(calls)) await assert.rejects(call, foreign);
    await assert.rejects(upload(key, "eve's", ArtifactKind.WEIGHTS, "eve"), foreign);
    const named = refused(
      Status.PERMISSION_DENIED,
      /^eve may not act as the trainer trainer-1; its trainer has the name/,
    );
    await assert.rejects(eve.heartbeat({ trainer: TRAINER }), named);
    await assert.rejects(eve.acquireLease({ studyId: STUDY, trialId: "1", attempt: 1, trainer: TRAINER }), named);
    assert.equal(coordinator.study(STUDY), before);
    assert.deepEqual([await artifacts.list(), await checkpoints.list()], [[], []]);
  });

  it("stores at most four uploads that no event names for a lease", async () => {
    const held = await lease("0");
    await client.reportEpoch({ lease: held, measurement: wire(epochOf(0, 0.5)) });
    for (const content of ["1", "2", "3", "4", "4"]) await upload(held, content);
    await assert.rejects(
      upload(held, "5"),
      refused(Status.RESOURCE_EXHAUSTED, /has 4 uploads that no saved checkpoint/),
    );
    await save(held, "4");
    await upload(held, "5");
  });

  it("closes an upload in which no part arrives", async () => {
    const held = await lease("0");
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: held, artifact: checkpointOf("stalled") } } };
      await new Promise(() => undefined);
    }
    const context = { coordinator, artifacts, checkpoints, uploads: new UploadQuota() };
    const uploader = { caller: { name: "trainer-1", role: "trainer" }, signal: ends.signal, idleMs: 1 } as const;
    const received = receiveArtifact(context, parts() as AsyncIterable<UploadArtifactRequest>, uploader);
    await assert.rejects(received, refused(Status.DEADLINE_EXCEEDED, /No part of the upload arrived for 0.001 s/));
    assert.deepEqual(await checkpoints.list(), []);
  });

  it("takes no lease's token without the random text of the lease", async () => {
    const held = await lease("0");
    assert.match(held.secret, /^[\w-]{22}$/);
    for (const secret of ["", "guess", `${held.secret}x`, held.secret.toLowerCase().toUpperCase()]) {
      const guessed = { ...held, secret };
      const report = await client.reportEpoch({ lease: guessed, measurement: wire(epochOf(0, 0.5)) });
      assert.equal(report.directive, Directive.LEASE_LOST);
      await assert.rejects(upload(guessed, "x"), /is not valid/);
    }
    await assert.rejects(client.heartbeat({ lease: { ...held, secret: "x".repeat(65) } }), /expected at most 64/);
    const { directive } = await client.reportEpoch({ lease: held, measurement: wire(epochOf(0, 0.5)) });
    assert.equal(directive, Directive.CONTINUE);
    const other = await lease("1");
    assert.notEqual(other.secret, held.secret);
  });

  it("deletes nothing and reads nothing for a trainer without the lease", async () => {
    const held = await lease("0");
    await client.reportEpoch({ lease: held, measurement: wire(epochOf(0, 0.5)) });
    const { sha256 } = await upload(held, "mine");
    const stale = { ...held, token: held.token + 1 };
    assert.equal(await save(stale, "mine"), Directive.LEASE_LOST);
    assert.equal(await save(stale, "never uploaded"), Directive.LEASE_LOST);
    assert.deepEqual(
      (await checkpoints.list()).map((stored) => stored.sha256),
      [sha256],
    );
    await assert.rejects(upload(stale, "late"), /lease .* is not valid/);
    await assert.rejects(upload(stale, "late", ArtifactKind.WEIGHTS), /lease .* is not valid/);
    assert.deepEqual(await artifacts.list(), []);
  });

  it("appends no output without the lease, and none beyond the limits", async () => {
    const held = await lease("0");
    const append = (key: WireLeaseKey, offset: number, chunk: Buffer) =>
      client.appendOutput({ lease: key, offset, chunk });
    assert.deepEqual(await append(held, 0, Buffer.from("mine")), { endOffset: 4 });
    const invalid = refused(Status.FAILED_PRECONDITION, /lease .* is not valid/);
    await assert.rejects(append({ ...held, token: held.token + 1 }, 4, Buffer.from("late")), invalid);
    await assert.rejects(append({ ...held, attempt: 2 }, 0, Buffer.from("early")), invalid);
    await assert.rejects(append({ ...held, studyId: "none" }, 0, Buffer.from("lost")), invalid);
    const tooLong = refused(Status.INVALID_ARGUMENT, /chunk: received 65537 bytes, expected at most 65536/);
    await assert.rejects(append(held, 4, Buffer.alloc(65_537)), tooLong);
    const tooFar = refused(Status.INVALID_ARGUMENT, /offset: received 9007199254740991, expected 0 to/);
    await assert.rejects(append(held, Number.MAX_SAFE_INTEGER, Buffer.from("x")), tooFar);
    assert.deepEqual(await outputStore.attempts({ studyId: STUDY, trialId: trialIdOf("0") }), [1]);
  });

  it("appends the last words of an attempt that ended, until another one begins", async () => {
    const held = await lease("0");
    const append = (offset: number, text: string) =>
      client.appendOutput({ lease: held, offset, chunk: Buffer.from(text) });
    await append(0, "begun");
    await client.failTrial({ lease: held, kind: 3, message: "The process died." });
    assert.deepEqual(await append(5, ", ended"), { endOffset: 12 });
    const other = { ...TRAINER, id: "trainer-2" };
    const { outcome } = await client.acquireLease({ studyId: STUDY, trialId: "0", attempt: 2, trainer: other });
    assert.equal(outcome?.$case, "lease");
    await assert.rejects(append(12, "late"), refused(Status.FAILED_PRECONDITION, /lease .* is not valid/));
  });

  it("appends the last words of a cancelled program", async () => {
    const held = await lease("0");
    await coordinator.submit(STUDY, { type: "stop-study", reason: "enough" });
    const appended = await client.appendOutput({ lease: held, offset: 0, chunk: Buffer.from("last words") });
    assert.deepEqual(appended, { endOffset: 10 });
  });

  it("answers DATA_LOSS if output cannot be stored, and the trial goes on", async () => {
    const held = await lease("0");
    outputStore.append = async () => {
      throw new StoreUnavailableError("cannot use /state/output: no space left on device");
    };
    const appended = client.appendOutput({ lease: held, offset: 0, chunk: Buffer.from("lost") });
    await assert.rejects(appended, refused(Status.DATA_LOSS, /no space left on device/));
    const { directive } = await client.reportEpoch({ lease: held, measurement: wire(epochOf(0, 0.5)) });
    assert.equal(directive, Directive.CONTINUE);
  });

  it("completes no trial with weights that are not stored or have another size", async () => {
    const held = await lease("0");
    await client.reportEpoch({ lease: held, measurement: wire(epochOf(0, 0.5)) });
    const weights = { ...checkpointOf("weights"), kind: ArtifactKind.WEIGHTS };
    await assert.rejects(client.completeTrial({ lease: held, weights }), refused(Status.NOT_FOUND, /does not exist/));
    await upload(held, "weights", ArtifactKind.WEIGHTS);
    const wrong = { ...weights, sizeBytes: 1 };
    await assert.rejects(
      client.completeTrial({ lease: held, weights: wrong }),
      refused(Status.INVALID_ARGUMENT, /size_bytes: received 1, but artifact .* has 7 bytes/),
    );
    await assert.rejects(
      client.completeTrial({ lease: held, weights: { ...weights, sizeBytes: 200_000_000 } }),
      refused(Status.INVALID_ARGUMENT, /weights.size_bytes: received 200000000, the trial has at most/),
    );
    await assert.rejects(upload(held, "x".repeat(2_000_000), ArtifactKind.WEIGHTS), /at most/);
    assert.deepEqual(await artifacts.list(), [weights.sha256]);
    assert.equal((await client.completeTrial({ lease: held, weights })).directive, Directive.CONTINUE);
  });
});

function wire<T extends { readonly metrics: Readonly<Record<string, number>> }>(measurement: T) {
  return { ...measurement, metrics: { ...measurement.metrics } };
}
