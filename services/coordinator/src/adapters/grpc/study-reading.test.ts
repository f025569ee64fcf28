import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type AdminServiceClient, AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { createLogger } from "@sintonia/runtime/logger";
import { ClientError, Status } from "nice-grpc-common";
import { RULES, specOf } from "../../core/scenario.fixture.js";
import { StudyArchive } from "../../shell/archive.js";
import { Coordinator } from "../../shell/coordinator.js";
import { StudyCopies, writeStudyCopy } from "../filesystem/study-archive.js";
import { MemoryArtifactStore } from "../memory/artifact-store.js";
import { MemoryAssignmentQueue } from "../memory/assignment-queue.js";
import { MemoryCheckpointStore } from "../memory/checkpoint-store.js";
import { MemoryFileStore } from "../memory/file-store.js";
import { MemoryStudyLog } from "../memory/study-log.js";
import { inlineTasks } from "../threads/inline-tasks.js";
import { TASKS } from "../threads/tasks.js";
import { adminService } from "./admin-service.js";
import { studyReading } from "./study-reading.js";

const ORACLES = {
  ...inlineTasks,
  suggest: async (...given: Parameters<typeof TASKS.suggest>) => TASKS.suggest(...given),
  contenders: async (...given: Parameters<typeof TASKS.contenders>) => TASKS.contenders(...given),
  select: async (...given: Parameters<typeof TASKS.select>) => TASKS.select(...given),
  close: async () => undefined,
};

const SPEC = { ...specOf(), training: { maxEpochs: 5 } };

/** Waits until the oracle has suggested the first trial of a study. */
async function queuedTrial(coordinator: Coordinator, studyId: string): Promise<void> {
  await coordinator.noteTrainer("trainer-1");
  for (let turns = 0; coordinator.study(studyId)?.trials.length !== 1; turns++) {
    assert.ok(turns < 1_000, "a trial is queued");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A coordinator in memory, and its client. */
function startCoordinator() {
  const artifacts = new MemoryArtifactStore();
  const coordinator = new Coordinator({
    log: new MemoryStudyLog(),
    queue: new MemoryAssignmentQueue(),
    oracles: ORACLES,
    evaluator: { check: async () => undefined, evaluate: () => assert.fail("nothing is evaluated") },
    checkpoints: new MemoryCheckpointStore(),
    clock: { monotonicMs: () => 0, wallTime: () => new Date(1_000) },
    rules: RULES,
    stateFault: () => undefined,
    trainerSilenceMs: 1_000,
    tickMs: 1_000,
    logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
    signal: new AbortController().signal,
    onFatal: (error) => assert.fail(error as Error),
  });
  const files = new MemoryFileStore();
  const service = adminService({ coordinator, artifacts, files, readSpec: async (text) => TASKS.readSpec(text) });
  const client = inProcessClient<AdminServiceClient>(AdminServiceDefinition, service);
  return { coordinator, client, artifacts };
}

/** Copies the logs of a coordinator's studies and opens the copies. */
async function archiveOf(context: TestContext, client: AdminServiceClient): Promise<AdminServiceClient> {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-reading-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const { id } of (await client.listStudies({})).studies) {
    const records = async function* () {
      for await (const { record } of client.readStudyLog({ studyId: id })) yield record;
    };
    await writeStudyCopy(folder, studyIdOf(id), records());
  }
  const studies = await StudyArchive.open({ log: new StudyCopies(folder), oracles: inlineTasks });
  const reading = studyReading({ studies, artifacts: new MemoryArtifactStore() });
  return inProcessClient<AdminServiceClient>(AdminServiceDefinition, reading);
}

test("a copy of the logs answers every reading call as the coordinator does", async (context) => {
  const { coordinator, client } = startCoordinator();
  for (const studyId of ["first", "second"]) await coordinator.create(SPEC, studyIdOf(studyId));
  for (const studyId of ["first", "second"]) await queuedTrial(coordinator, studyId);
  const archive = await archiveOf(context, client);
  const studyId = "second";
  assert.deepEqual(await archive.listStudies({}), await client.listStudies({}));
  assert.deepEqual(await archive.getStudy({ studyId }), await client.getStudy({ studyId }));
  const all = { studyId, withMeasurements: true };
  assert.equal((await client.listTrials(all)).trials.length, 1);
  assert.deepEqual(await archive.listTrials(all), await client.listTrials(all));
  const key = { studyId, trialId: "00" };
  assert.deepEqual(await archive.explainTrial(key), await client.explainTrial(key));
});

test("a wrong id of a trial is answered with the ids that exist", async () => {
  const { coordinator, client } = startCoordinator();
  await coordinator.create(SPEC, studyIdOf("study"));
  const explain = (trialId: string): Promise<unknown> => client.explainTrial({ studyId: "study", trialId });
  const refusal = (message: RegExp) => (error: unknown) =>
    error instanceof ClientError && error.code === Status.NOT_FOUND && message.test(error.details);
  await queuedTrial(coordinator, "study");
  await assert.rejects(explain("7"), refusal(/no trial "7"\. It has one trial, 0\./));
});

test("a copy changes nothing and creates nothing", async (context) => {
  const { coordinator, client } = startCoordinator();
  await coordinator.create(SPEC, studyIdOf("study"));
  const archive = await archiveOf(context, client);
  const unavailable = (error: unknown) => error instanceof ClientError && error.code === Status.UNIMPLEMENTED;
  await assert.rejects(archive.stopStudy({ studyId: "study" }), unavailable);
  await assert.rejects(archive.createStudy({ spec: "" }), unavailable);
  await assert.rejects(archive.getStudy({ studyId: "none" }), /no|exist/i);
});
