import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type AdminServiceClient, AdminServiceDefinition, Role } from "@sintonia/proto/sintonia/v1/admin";
import { WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { nameOf, TRAINER_ID } from "@sintonia/protocol/names";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemTimers } from "@sintonia/runtime/clock";
import { inProcessClient } from "@sintonia/runtime/grpc/in-process-client";
import { createLogger } from "@sintonia/runtime/logger";
import { ClientError, Status } from "nice-grpc-common";
import { RULES, specOf } from "../../../core/scenario.fixture.js";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { StudyArchive } from "../../../shell/archive.js";
import { TrialOutputs } from "../../../shell/output/trial-outputs.js";
import { Coordinator } from "../../../shell/running/coordinator.js";
import { StudyCopies, writeStudyCopy } from "../../filesystem/logs/study-archive.js";
import { MemoryArtifactStore } from "../../memory/artifact-store.js";
import { MemoryAssignmentQueue } from "../../memory/assignment-queue.js";
import { MemoryCheckpointStore } from "../../memory/checkpoint-store.js";
import { memoryCordons } from "../../memory/cordons.fixture.js";
import { MemoryFileStore } from "../../memory/file-store.js";
import { MemoryOutputStore } from "../../memory/output-store.js";
import { MemoryStudyLog } from "../../memory/study-log.js";
import { inlineTasks } from "../../threads/inline-tasks.js";
import { TASKS } from "../../threads/tasks.js";
import { adminService } from "../admin-service.js";
import { studyReading } from "./study-reading.js";

const ORACLES = {
  ...inlineTasks,
  suggest: async (...given: Parameters<typeof TASKS.suggest>) => TASKS.suggest(...given),
  contenders: async (...given: Parameters<typeof TASKS.contenders>) => TASKS.contenders(...given),
  select: async (...given: Parameters<typeof TASKS.select>) => TASKS.select(...given),
  close: async () => undefined,
};

const SPEC = { ...specOf(), training: { maxEpochs: 5 } };
/** A spec whose trials a trainer can lease. */
const LEASABLE = {
  ...specOf(),
  model: { layers: [{ units: 10, activation: "softmax" }] },
  training: {
    optimizer: { type: "adam", learningRate: "$stddev" },
    loss: "categorical_crossentropy",
    batchSize: 32,
    maxEpochs: 2,
    callbacks: [],
  },
};

/** Waits until the oracle has suggested the first trials of a study. */
async function queuedTrial(coordinator: Coordinator, studyId: string, count = 1): Promise<void> {
  await coordinator.noteTrainer("trainer-1");
  for (let turns = 0; coordinator.study(studyId)?.trials.length !== count; turns++) {
    assert.ok(turns < 1_000, "the trials are queued");
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
    timers: systemTimers,
    rules: RULES,
    cordons: memoryCordons(),
    stateFault: () => undefined,
    trainerSilenceMs: 1_000,
    tickMs: 1_000,
    logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
    signal: new AbortController().signal,
    onFatal: (error) => assert.fail(error as Error),
  });
  const files = new MemoryFileStore();
  const store = new MemoryOutputStore();
  const outputs = new TrialOutputs(store, coordinator);
  const readSpec = async (text: string) => TASKS.readSpec(text);
  const service = adminService({ coordinator, artifacts, files, outputs, readSpec });
  const client = inProcessClient<AdminServiceClient>(AdminServiceDefinition, service);
  return { coordinator, client, service, artifacts, store, outputs };
}

/** Copies the logs of a coordinator's studies and opens the copies. */
async function archiveOf(
  context: TestContext,
  client: AdminServiceClient,
  store = new MemoryOutputStore(),
): Promise<AdminServiceClient> {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-reading-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const { id } of (await client.listStudies({})).studies) {
    const records = async function* () {
      for await (const { record } of client.readStudyLog({ studyId: id })) yield record;
    };
    await writeStudyCopy(folder, studyIdOf(id), records());
  }
  const studies = await StudyArchive.open({ log: new StudyCopies(folder), oracles: inlineTasks });
  const reading = studyReading({
    studies,
    artifacts: new MemoryArtifactStore(),
    outputs: new TrialOutputs(store, studies),
  });
  return inProcessClient<AdminServiceClient>(AdminServiceDefinition, reading);
}

test("a copy of the logs answers every reading call as its coordinator, and no trial waits", async (context) => {
  const { coordinator, client } = startCoordinator();
  for (const studyId of ["first", "second"]) await coordinator.create(SPEC, studyIdOf(studyId));
  for (const studyId of ["first", "second"]) await queuedTrial(coordinator, studyId);
  const archive = await archiveOf(context, client);
  const studyId = "second";
  assert.deepEqual(await archive.listStudies({}), await client.listStudies({}));
  assert.deepEqual(await archive.getStudy({ studyId }), await client.getStudy({ studyId }));
  const all = { studyId, withMeasurements: true };
  const { trials, nextPageToken } = await client.listTrials(all);
  assert.deepEqual(
    trials.map(({ waiting }) => waiting?.reason),
    [WaitReason.TRAINERS],
  );
  const unawaited = trials.map((trial) => ({ ...trial, waiting: undefined }));
  assert.deepEqual(await archive.listTrials(all), { trials: unawaited, nextPageToken });
  assert.deepEqual(await archive.listCurves({ studyId }), await client.listCurves({ studyId }));
  const events = await client.listEvents({ studyId });
  assert.ok(events.events.some(({ type, trialId }) => type === "trial-queued" && trialId === "0"));
  assert.deepEqual(await archive.listEvents({ studyId }), events);
  const key = { studyId, trialId: "00" };
  const { trial, ...explained } = await client.explainTrial(key);
  assert.deepEqual(await archive.explainTrial(key), { trial: { ...trial, waiting: undefined }, ...explained });
});

test("returns the name and the role of the caller", async () => {
  const { service } = startCoordinator();
  const viewer = { name: "ana", role: "viewer" } as const;
  const client = inProcessClient<AdminServiceClient>(AdminServiceDefinition, service, viewer);
  assert.deepEqual(await client.getCaller({}), { name: "ana", role: Role.VIEWER });
});

test("lists trials page by page, as many on each as asked", async () => {
  const { coordinator, client } = startCoordinator();
  await coordinator.create({ ...SPEC, budget: { ...SPEC.budget, parallelTrials: 2 } }, studyIdOf("study"));
  await queuedTrial(coordinator, "study", 2);
  const page = async (pageToken: string): Promise<unknown> => {
    const { trials, nextPageToken } = await client.listTrials({ studyId: "study", pageSize: 1, pageToken });
    return [trials.map(({ id }) => id), nextPageToken];
  };
  assert.deepEqual(
    [await page(""), await page("1")],
    [
      [["0"], "1"],
      [["1"], ""],
    ],
  );
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

/** Reads an output to its end: the attempt, and every chunk with its offset. */
async function readOutput(client: AdminServiceClient, request: Parameters<AdminServiceClient["readOutput"]>[0]) {
  const chunks: string[] = [];
  let attempt = 0;
  for await (const answer of client.readOutput({ studyId: "study", trialId: "0", ...request })) {
    attempt = answer.attempt;
    if (answer.chunk.length > 0) chunks.push(`${answer.offset} ${answer.chunk}`);
  }
  return { attempt, chunks };
}

test("output is read from an offset on, from a coordinator and from an archive", async (context) => {
  const { coordinator, client, store, outputs } = startCoordinator();
  await coordinator.create(SPEC, studyIdOf("study"));
  await queuedTrial(coordinator, "study");
  const key = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };
  assert.deepEqual(await readOutput(client, {}), { attempt: 1, chunks: [] });
  await outputs.append(key, { offset: 0, bytes: Buffer.from("one two") }, false);
  await outputs.append(key, { offset: 20, bytes: Buffer.from("three") }, true);
  const archive = await archiveOf(context, client, store);
  for (const reader of [client, archive]) {
    assert.deepEqual(await readOutput(reader, {}), { attempt: 1, chunks: ["0 one two", "20 three"] });
    assert.deepEqual(await readOutput(reader, { offset: 4 }), { attempt: 1, chunks: ["4 two", "20 three"] });
    assert.deepEqual(await readOutput(reader, { offset: 25 }), { attempt: 1, chunks: [] });
    await assert.rejects(readOutput(reader, { attempt: 2 }), /Trial 0 has no attempt 2\. It has one attempt, 1\./);
    await assert.rejects(readOutput(reader, { trialId: "5" }), /no trial "5"\. It has one trial, 0\./);
  }
  assert.deepEqual(await readOutput(archive, { follow: true }), { attempt: 1, chunks: ["0 one two", "20 three"] });
});

test("a study gets no output of a former study of its id, and keeps its own when it is created again", async () => {
  const { coordinator, client, store, outputs } = startCoordinator();
  const key = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };
  await store.append(key, { offset: 0, bytes: Buffer.from("of a former study") });
  const spec = JSON.stringify(LEASABLE);
  await client.createStudy({ spec, studyId: "study" });
  await queuedTrial(coordinator, "study");
  assert.deepEqual((await readOutput(client, {})).chunks, []);
  await outputs.append(key, { offset: 0, bytes: Buffer.from("own") }, false);
  assert.equal((await client.createStudy({ spec, studyId: "study" })).existed, true);
  assert.deepEqual((await readOutput(client, {})).chunks, ["0 own"]);
});

test("a reader follows an output until its attempt ends, and the next attempt from its beginning", async () => {
  const { coordinator, client, outputs } = startCoordinator();
  await coordinator.create(LEASABLE, studyIdOf("study"));
  await queuedTrial(coordinator, "study");
  const [studyId, trialId] = [studyIdOf("study"), trialIdOf("0")];
  const append = (attempt: number, offset: number, text: string) =>
    outputs.append({ studyId, trialId, attempt }, { offset, bytes: Buffer.from(text) }, false);
  const first = client.readOutput({ studyId, trialId, follow: true })[Symbol.asyncIterator]();
  assert.deepEqual((await first.next()).value, { attempt: 1, offset: 0, chunk: Buffer.alloc(0) });
  const lease = { type: "acquire-lease", trialId, attempt: 1, trainerId: nameOf(TRAINER_ID, "trainer-1") } as const;
  const answer = await coordinator.submit(studyId, lease);
  assert.ok(answer?.kind === "granted");
  for (const [offset, text] of ["a", "b", "c"].entries()) {
    await append(1, offset, text);
    assert.deepEqual((await first.next()).value, { attempt: 1, offset, chunk: Buffer.from(text) });
  }
  const last = first.next();
  await append(1, 3, "end");
  const key = { studyId, trialId, attempt: 1, token: answer.lease.token };
  await coordinator.submit(studyId, { type: "fail-trial", lease: key, kind: "preempted", message: "bye" });
  assert.deepEqual((await last).value, { attempt: 1, offset: 3, chunk: Buffer.from("end") });
  assert.equal((await first.next()).done, true);

  const second = client.readOutput({ studyId, trialId, follow: true })[Symbol.asyncIterator]();
  assert.equal((await second.next()).value.attempt, 2);
  await append(2, 0, "again");
  assert.deepEqual((await second.next()).value, { attempt: 2, offset: 0, chunk: Buffer.from("again") });
  const rest = second.next();
  await coordinator.submit(studyId, { type: "stop-study", reason: "enough" });
  assert.equal((await rest).done, true);
});

test("outputs that cannot be read are DATA_LOSS with the reason", async () => {
  const { coordinator, client, store } = startCoordinator();
  await coordinator.create(SPEC, studyIdOf("study"));
  await queuedTrial(coordinator, "study");
  store.read = async () => {
    throw new StoreUnavailableError("cannot use /state/output: not a directory");
  };
  await assert.rejects(readOutput(client, {}), {
    code: Status.DATA_LOSS,
    details: "cannot use /state/output: not a directory",
  });
});

test("a reader that leaves ends its call", async () => {
  const { coordinator, client } = startCoordinator();
  await coordinator.create(SPEC, studyIdOf("study"));
  await queuedTrial(coordinator, "study");
  const gone = new AbortController();
  const options = { signal: gone.signal };
  const request = { studyId: "study", trialId: "0", follow: true };
  const answers = client.readOutput(request, options)[Symbol.asyncIterator]();
  await answers.next();
  const rest = answers.next();
  gone.abort();
  assert.equal((await rest).done, true);
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
