// The coordinator with a real nats-server and real gRPC. The tests act as the trainer.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type AdminServiceDefinition, SuggestionSource } from "@sintonia/proto/sintonia/v1/admin";
import { ArtifactKind, SelectionRule, StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { Directive, type Lease, type LeaseKey, LeaseRefusal } from "@sintonia/proto/sintonia/v1/trainer";
import type { Sha256 } from "@sintonia/protocol/names";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemClock } from "@sintonia/runtime/clock";
import { type Connected, connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { CoordinatorOutput } from "@sintonia/trainer/adapters/grpc/output/output-sink";
import { NatsAssignmentSource } from "@sintonia/trainer/adapters/nats/assignment-source";
import { parseTrainingPlan } from "@sintonia/tuning/plan/schema/parse";
import type { NatsConnection } from "nats";
import { Status } from "nice-grpc";
import { collect } from "../support/collect.js";
import { type RunningCoordinator, startCoordinator } from "../support/coordinator.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const SPEC = `
name: small
dataset: { name: mnist, split: { train: [0, 100], validation: [100, 200] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 2 }
seed: 7
oracle: { type: bayesian }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10 }
model:
  layers:
    - { units: 4, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 32
  maxEpochs: 2
  callbacks: []
`;
const WEIGHTS = Buffer.from("the weights of the best epoch");
const ARTIFACT = {
  kind: ArtifactKind.WEIGHTS,
  sha256: createHash("sha256").update(WEIGHTS).digest("hex"),
  sizeBytes: WEIGHTS.length,
};
const TEST_RESULT = {
  loss: 0.08,
  accuracy: 0.98,
  accuracyLow: 0.977,
  accuracyHigh: 0.983,
  examples: 10_000,
  scores: [],
  undefinedScores: [],
};
const TRAINER = { id: "trainer-1", engine: "onnx" };
const EVALUATOR = {
  check: async () => undefined,
  evaluate: async (_: unknown, weights: { sha256: Sha256; sizeBytes: number }) => ({
    test: TEST_RESULT,
    models: [{ kind: "weights" as const, ...weights }],
  }),
};

describe("the coordinator over NATS and gRPC", () => {
  let server: NatsServer;
  let running: RunningCoordinator;
  let admin: Connected<AdminServiceDefinition>;
  let trainer: Connected<TrainerServiceDefinition>;
  let nats: NatsConnection;
  let studies = 0;
  let studyId = "";

  before(async () => {
    server = await startNatsServer();
  });
  after(() => server.stop());

  beforeEach(async () => {
    studies += 1;
    studyId = `small-${studies}`;
    await begin();
    const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
    nats = await connectNats({ settings: { natsUrl: parseServers(server.url) }, name: "trainer", logger });
  });
  afterEach(async () => {
    await nats.close();
    await end();
  });

  async function begin(): Promise<void> {
    running = await startCoordinator(server.url, EVALUATOR);
    admin = connectAdminService(running.address);
    trainer = connectTrainerService(running.address);
  }

  async function end(): Promise<void> {
    admin.close();
    trainer.close();
    await running.stop();
  }

  /** Receives the next assignment of this study and acquires its lease. */
  async function lease(): Promise<LeaseKey> {
    return (await fullLease()).key as LeaseKey;
  }

  async function fullLease(): Promise<Lease> {
    const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
    const source = new NatsAssignmentSource(nats, logger);
    for (;;) {
      const delivery = await source.next(AbortSignal.timeout(10_000));
      assert.ok(delivery !== undefined, "an assignment comes within ten seconds");
      await delivery.accept();
      const { outcome } = await trainer.client.acquireLease({ ...delivery.assignment, trainer: TRAINER });
      if (outcome?.$case !== "lease") continue;
      assert.ok(parseTrainingPlan(JSON.parse(outcome.value.planJson)).ok, "the plan can be trained");
      assert.equal(outcome.value.ttlMs, 3 * outcome.value.heartbeatIntervalMs + 2);
      assert.ok(outcome.value.key !== undefined);
      if (outcome.value.key.studyId === studyId) return outcome.value;
    }
  }

  async function report(key: LeaseKey, epoch: number, valAccuracy: number): Promise<Directive> {
    const metrics = { loss: 0.5, accuracy: 0.9, val_loss: 0.4, val_accuracy: valAccuracy };
    const measurement = { execution: 0, epoch, metrics, learningRate: 0.001, seconds: 0.1 };
    return (await trainer.client.reportEpoch({ lease: key, measurement })).directive;
  }

  async function complete(key: LeaseKey): Promise<Directive> {
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: key, artifact: ARTIFACT } } };
      yield { part: { $case: "chunk" as const, value: WEIGHTS } };
    }
    await trainer.client.uploadArtifact(parts());
    return (await trainer.client.completeTrial({ lease: key, weights: ARTIFACT })).directive;
  }

  it("runs a study from its spec to its best model", async () => {
    const created = await admin.client.createStudy({ spec: SPEC, studyId });
    assert.equal(created.study?.state, StudyState.ACTIVE);
    const updates = collect(admin.client.watchStudy({ studyId }));
    for (const value of [0.9, 0.8]) {
      const key = await lease();
      assert.equal(await report(key, 0, value - 0.1), Directive.CONTINUE);
      assert.equal(await report(key, 1, value), Directive.CONTINUE);
      assert.equal(await complete(key), Directive.CONTINUE);
    }
    const [first, ...others] = await updates;
    assert.equal(first?.study?.specJson, created.study?.specJson);
    assert.ok(others.every(({ study }) => study?.specJson === ""));
    const last = others.at(-1);
    assert.equal(last?.study?.state, StudyState.COMPLETED);
    assert.deepEqual(last?.study?.test, TEST_RESULT);
    const { rule, trialId, candidateCount, note } = last?.study?.selection ?? {};
    assert.deepEqual([rule, trialId, candidateCount], [SelectionRule.OBSERVED, "0", 2]);
    assert.match(note ?? "", /too few trials for a model/);
    const { trial, weights } = await admin.client.getBestTrial({ studyId });
    assert.equal(trial?.id, "0");
    assert.equal(trial?.objective, 0.9);
    assert.deepEqual(
      trial?.measurements.map(({ epoch }) => epoch),
      [0, 1],
    );
    const second = await admin.client.listTrials({ studyId, withMeasurements: false, pageToken: "1" });
    assert.deepEqual([second.trials.map(({ id }) => id), second.nextPageToken], [["1"], ""]);
    await assert.rejects(admin.client.listTrials({ studyId, withMeasurements: false, pageToken: "x" }), {
      code: Status.INVALID_ARGUMENT,
    });
    const chunks = await collect(admin.client.downloadArtifact({ studyId, sha256: weights?.sha256 ?? "" }));
    assert.deepEqual(Buffer.concat(chunks.map(({ chunk }) => chunk)), WEIGHTS);
  });

  it("executes the best trials again with equal seeds, chooses among them, and continues after a restart", async () => {
    const selection = "selection: { rule: replicate, top: 2, executions: 2 }";
    const spec = SPEC.replace("maxTrials: 2 }", `maxTrials: 3 }\n${selection}`);
    await admin.client.createStudy({ spec, studyId });
    const train = async (value: number) => {
      const { key, planJson } = await fullLease();
      assert.ok(key !== undefined);
      assert.equal(await report(key, 0, value), Directive.CONTINUE);
      assert.equal(await complete(key), Directive.CONTINUE);
      return (JSON.parse(planJson) as { seeds: number[] }).seeds;
    };
    const seeds = [await train(0.9), await train(0.8), await train(0.2), await train(0.5), await train(0.6)];
    await end();
    await begin();
    seeds.push(await train(0.5), await train(0.6));
    assert.equal(new Set(seeds.flat()).size, 5, "three trials, and two rounds");
    assert.deepEqual([seeds[3], seeds[5]], [seeds[4], seeds[6]]);
    const last = (await collect(admin.client.watchStudy({ studyId }))).at(-1);
    assert.equal(last?.study?.state, StudyState.COMPLETED);
    assert.deepEqual([last?.study?.maxTrials, last?.study?.expectedTrialCount], [3, 7]);
    const { trials } = await admin.client.listTrials({ studyId, withMeasurements: false });
    const replicates = trials.slice(3).map((trial) => [trial.replicates?.round, trial.objective]);
    assert.deepEqual(replicates, [
      [0, 0.5],
      [0, 0.6],
      [1, 0.5],
      [1, 0.6],
    ]);
    const { rule, trialId, expected, tiedTrialIds } = last?.study?.selection ?? {};
    assert.deepEqual([rule, trialId], [SelectionRule.REPLICATE, trials[4]?.replicates?.trialId]);
    assert.deepEqual([expected, tiedTrialIds], [{ mean: 0.6, low: 0.6, high: 0.6 }, []]);
    assert.equal((await admin.client.getBestTrial({ studyId })).trial?.id, trialId);
  });

  it("explains every trial of a study with two trainers, and computes the same values bit for bit", async () => {
    const spec = SPEC.replace("maxTrials: 2", "maxTrials: 8, parallelTrials: 2")
      .replace("max: 0.10 }", "max: 0.10, scale: log }\n  rate: { type: double, min: 0.0001, max: 0.1, scale: log }")
      .replace("learningRate: 0.001", "learningRate: $rate");
    await admin.client.createStudy({ spec: `${spec}enqueue: [{ stddev: 0.05, rate: 0.001 }]\n`, studyId });
    const held: LeaseKey[] = [await lease(), await lease()];
    for (let ended = 1; ended <= 8; ended++) {
      // Alternates the order in which the two trials end.
      const key = held.splice(ended % 2, 1)[0] ?? held.splice(0, 1)[0];
      assert.ok(key !== undefined);
      assert.equal(await report(key, 0, 0.9 + Math.sin(ended) / 100), Directive.CONTINUE);
      assert.equal(await complete(key), Directive.CONTINUE);
      if (ended <= 6) held.push(await lease());
    }
    const { trials } = await admin.client.listTrials({ studyId, withMeasurements: false });
    const explained = [];
    for (const { id, values } of trials) {
      const explanation = await admin.client.explainTrial({ studyId, trialId: id });
      assert.deepEqual(explanation.trial?.values, values);
      explained.push(explanation);
    }
    assert.deepEqual(
      explained.map(({ source }) => source),
      [
        SuggestionSource.ENQUEUED,
        ...Array(2).fill(SuggestionSource.INITIAL_DESIGN),
        ...Array(5).fill(SuggestionSource.MODEL),
      ],
    );
    assert.deepEqual(
      explained.map(({ known }) => [known?.completed, known?.pending.length]),
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => (n === 0 ? [0, 0] : [n - 1, 1])),
    );
    const { parameters } = await admin.client.getImportance({ studyId, wholeSpace: false });
    assert.deepEqual(parameters.map(({ parameter }) => parameter).sort(), ["rate", "stddev"]);
    await assert.rejects(admin.client.explainTrial({ studyId, trialId: "9" }), { code: Status.NOT_FOUND });
    const plane = { studyId, parameter: "rate", secondParameter: "stddev", steps: 3 };
    const { first, second, mean, observations } = await admin.client.getSurrogate(plane);
    assert.deepEqual([first.length, second.length, mean.length, observations], [3, 3, 9, 8]);
  });

  it("returns the curves of trials, and their events page by page, the later ones after a restart", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    for (const [epoch, value] of [0.7, 0.8].entries()) await report(key, epoch, value);
    const { curves } = await admin.client.listCurves({ studyId, metric: "val_loss" });
    assert.deepEqual(curves, [
      { trialId: "0", execution: 0, epochs: [0, 1], values: [0.4, 0.4], learningRates: [0.001, 0.001] },
    ]);
    const told: string[] = [];
    let [afterSequence, more] = [0, true];
    const readOn = async (): Promise<void> => {
      for (more = true; more; ) {
        const page = await admin.client.listEvents({ studyId, afterSequence, pageSize: 1 });
        told.push(...page.events.map(({ type, trialId }) => `${type} ${trialId}`.trim()));
        ({ lastSequence: afterSequence, more } = page);
      }
    };
    await readOn();
    assert.deepEqual(told, ["study-created", "trial-queued 0", "lease-granted 0"]);
    await complete(key);
    await readOn();
    assert.equal(told[3], "trial-completed 0");
    await end();
    await begin();
    await readOn();
    assert.equal(new Set(told).size, told.length, "each event is told once");
    const { events } = await admin.client.listEvents({ studyId, trialId: "0", withEpochs: true });
    assert.equal(events.filter(({ type }) => type === "epoch-reported").length, 2);
    assert.ok(events.every(({ json }) => !json.includes("secret")));
  });

  it("continues after a restart, and refuses the token of a lease that has expired", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const old = await lease();
    await report(old, 0, 0.7);
    await end();
    await begin();
    assert.equal(await report(old, 1, 0.8), Directive.CONTINUE, "a restart does not cost a lease");
    const trials = async () => (await admin.client.listTrials({ studyId, withMeasurements: true })).trials;
    assert.equal((await trials())[0]?.measurements.length, 2);
    await untilAttempt(2);
    assert.equal(await report(old, 1, 0.8), Directive.LEASE_LOST);
    const renewed = await lease();
    assert.ok(renewed.token > old.token);
    assert.equal(renewed.attempt, 2);
    assert.equal((await trials())[0]?.state, TrialState.LEASED);
  });

  it("keeps the output that a trainer sends, and sends it to a reader until the attempt ends", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    const logger = createLogger({ service: "trainer", instance: "test", level: "silent" });
    const sink = new CoordinatorOutput({ client: trainer.client, clock: systemClock, logger });
    const output = sink.open(leaseKeyOf(key));
    const request = { studyId, trialId: key.trialId };
    const following = collect(admin.client.readOutput({ ...request, follow: true }));
    const content = Buffer.from(Array.from({ length: 60_000 }, (_, line) => `line ${line}\n`).join(""));
    for (let start = 0; start < content.length; start += 8_192) output.write(content.subarray(start, start + 8_192));
    await output.close();
    const stale = sink.open(leaseKeyOf({ ...key, token: key.token + 1 }));
    stale.write(Buffer.from("late"));
    await stale.close();
    assert.equal(await report(key, 0, 0.9), Directive.CONTINUE);
    assert.equal(await complete(key), Directive.CONTINUE);
    const [head, ...followed] = await following;
    assert.deepEqual(head, { attempt: 1, offset: 0, chunk: Buffer.alloc(0) });
    for (const { offset, chunk } of followed) {
      assert.deepEqual(chunk, content.subarray(offset, offset + chunk.length), `at ${offset}`);
    }
    const last = followed.at(-1);
    assert.equal((last?.offset ?? 0) + (last?.chunk.length ?? 0), content.length);
    const [, ...kept] = await collect(admin.client.readOutput(request));
    const oldest = kept.filter(({ offset }) => offset < 65_536).map(({ chunk }) => chunk);
    const newest = kept.filter(({ offset }) => offset >= 65_536).map(({ chunk }) => chunk);
    assert.deepEqual(Buffer.concat(oldest), content.subarray(0, 65_536));
    assert.deepEqual(Buffer.concat(newest), content.subarray(-196_608));
  });

  /** Uploads and saves the checkpoint of an epoch, with given bytes. */
  async function save(key: LeaseKey, epoch: number, content: Buffer): Promise<Directive> {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const artifact = { kind: ArtifactKind.CHECKPOINT, sha256, sizeBytes: content.length };
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: key, artifact } } };
      yield { part: { $case: "chunk" as const, value: content } };
    }
    await trainer.client.uploadArtifact(parts());
    const checkpoint = { artifact, execution: 0, epoch };
    return (await trainer.client.saveCheckpoint({ lease: key, checkpoint })).directive;
  }

  /** Waits until the store holds exactly these checkpoints: deletions happen after the answer. */
  async function untilStored(...wanted: readonly (string | undefined)[]): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    for (;;) {
      const stored = (await running.checkpoints.list()).map(({ sha256 }) => sha256);
      if (stored.join() === wanted.toSorted().join()) return;
      await setTimeout(10, undefined, { signal: limit });
    }
  }

  /** Waits until the first trial is at an attempt. */
  async function untilAttempt(attempt: number): Promise<void> {
    for await (const { trials } of admin.client.watchStudy({ studyId })) {
      if (trials.some((trial) => trial.attempt === attempt)) return;
    }
  }

  it("offers the two newest checkpoints of a lost attempt to the next one, which resumes from either", async () => {
    await admin.client.createStudy({ spec: SPEC.replace("maxEpochs: 2", "maxEpochs: 9"), studyId });
    const old = await lease();
    for (const epoch of [0, 1, 2]) {
      await report(old, epoch, epoch / 10);
      assert.equal(await save(old, epoch, Buffer.from(`after epoch ${epoch}`)), Directive.CONTINUE);
    }
    await untilAttempt(2);
    const { key, checkpoints } = await fullLease();
    await untilStored(...checkpoints.map(({ artifact }) => artifact?.sha256));
    assert.ok(key !== undefined);
    assert.deepEqual(
      checkpoints.map(({ epoch }) => epoch),
      [2, 1],
    );
    const [, second] = checkpoints;
    const sha256 = second?.artifact?.sha256 ?? "";
    const chunks = await collect(trainer.client.downloadCheckpoint({ lease: key, sha256 }));
    assert.equal(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString(), "after epoch 1");
    assert.equal((await trainer.client.resumeTrial({ lease: key, sha256 })).directive, Directive.CONTINUE);
    assert.equal(await report(key, 2, 0.7), Directive.CONTINUE);
    const { trials } = await admin.client.listTrials({ studyId, withMeasurements: true });
    assert.deepEqual(
      trials[0]?.measurements.map(({ metrics }) => metrics["val_accuracy"]),
      [0, 0.1, 0.7],
    );
    assert.deepEqual(trials[0]?.checkpoint, second);
    // The resumption discarded the newer checkpoint.
    await untilStored(sha256);
    assert.equal(await complete(key), Directive.CONTINUE);
    await untilStored();
  });

  it("accepts checkpoints only from the lease holder, and deletes those that its trial does not name", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    await report(key, 0, 0.5);
    const stale = { ...key, token: key.token + 1 };
    await assert.rejects(save(stale, 0, Buffer.from("stale")), { code: Status.FAILED_PRECONDITION });
    await assert.rejects(save(key, 1, Buffer.from("ahead")), { code: Status.FAILED_PRECONDITION });
    assert.deepEqual(await running.checkpoints.list(), []);
    await save(key, 0, Buffer.from("good"));
    const sha256 = (await running.checkpoints.list())[0]?.sha256 ?? "";
    const read = (lease: LeaseKey, name: string) => collect(trainer.client.downloadCheckpoint({ lease, sha256: name }));
    await assert.rejects(read(stale, sha256), { code: Status.FAILED_PRECONDITION });
    await assert.rejects(read(key, "0".repeat(64)), { code: Status.NOT_FOUND });
    await assert.rejects(trainer.client.resumeTrial({ lease: key, sha256: "0".repeat(64) }), {
      code: Status.FAILED_PRECONDITION,
    });
  });

  it("continues after the NATS server was killed and restarted", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    await server.kill();
    const reported = report(key, 0, 0.7);
    assert.equal((await trainer.client.heartbeat({ trainer: TRAINER, lease: key })).directive, Directive.CONTINUE);
    await server.restart();
    assert.equal(await reported, Directive.CONTINUE);
    assert.deepEqual(running.fatal, []);
  });

  it("ends when another coordinator writes to its study", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const first = running;
    const firstTrainer = trainer;
    const firstAdmin = admin;
    for await (const { trials } of admin.client.watchStudy({ studyId })) {
      if (trials.length > 0) break;
    }
    await begin();
    const key = await lease();
    const metrics = { loss: 1, accuracy: 0, val_loss: 1, val_accuracy: 0.1 };
    const measurement = { execution: 0, epoch: 0, metrics, learningRate: 0.1, seconds: 1 };
    await assert.rejects(firstTrainer.client.reportEpoch({ lease: key, measurement }), { code: Status.UNAVAILABLE });
    assert.match(String(first.fatal[0]), /Another coordinator writes/);
    firstAdmin.close();
    firstTrainer.close();
    await first.stop();
  });

  it("sets logs aside that it cannot read, names them, and continues the others", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const stream = nats.jetstream();
    const mangled = `mangled-${studies}`;
    for (const name of ["Odd$", mangled]) await stream.publish(`sintonia.events.${name}`, Buffer.from("{}"));
    await end();
    await begin();
    assert.equal((await admin.client.getStudy({ studyId })).study?.state, StudyState.ACTIVE);
    const { setAside } = await admin.client.listStudies({});
    assert.deepEqual(
      setAside.map(({ id }) => id),
      ["Odd$", mangled],
    );
    assert.match(setAside[1]?.reason ?? "", /is not a study record/);
    assert.match(setAside[1]?.advice ?? "", /Restore the NATS stream/);
    await assert.rejects(admin.client.getStudy({ studyId: mangled }), { code: Status.DATA_LOSS });
    await assert.rejects(admin.client.createStudy({ spec: SPEC, studyId: mangled }), { code: Status.DATA_LOSS });
    assert.equal(await report(await lease(), 0, 0.5), Directive.CONTINUE);
    assert.deepEqual(running.fatal, []);
  });

  it("refuses a spec with five mistakes and names all five", async () => {
    const spec = SPEC.replace("min: 0.01, max: 0.10", "min: 0.2, max: 0.1")
      .replace("maxTrials: 2", "maxTrials: -2")
      .replace("$stddev", "$deviation")
      .replace("batchSize: 32", "batchSize: .nan")
      .replace("activation: relu", "activation: rely");
    await assert.rejects(admin.client.createStudy({ spec, studyId }), (error: { code: Status; details: string }) => {
      assert.equal(error.code, Status.INVALID_ARGUMENT);
      for (const path of ["parameters.stddev", "budget.maxTrials", "stddev", "batchSize", "activation"]) {
        assert.ok(error.details.includes(path), `${path} is missing in: ${error.details}`);
      }
      return true;
    });
  });

  it("refuses a spec of 10 MB, an invalid id, another spec under an existing id, and unknown names", async () => {
    const refused = (call: Promise<unknown>, code: Status) => assert.rejects(call, { code });
    await refused(admin.client.createStudy({ spec: "#".repeat(10_000_000), studyId }), Status.RESOURCE_EXHAUSTED);
    await refused(admin.client.createStudy({ spec: "#".repeat(1_000_000), studyId }), Status.INVALID_ARGUMENT);
    await refused(admin.client.createStudy({ spec: SPEC, studyId: "Not An Id" }), Status.INVALID_ARGUMENT);
    await admin.client.createStudy({ spec: SPEC, studyId });
    assert.equal((await admin.client.createStudy({ spec: SPEC, studyId })).existed, true);
    const other = SPEC.replace("seed: 7", "seed: 8");
    await refused(admin.client.createStudy({ spec: other, studyId }), Status.ALREADY_EXISTS);
    await refused(admin.client.getStudy({ studyId: "nobody" }), Status.NOT_FOUND);
    await refused(admin.client.getBestTrial({ studyId }), Status.NOT_FOUND);
    await refused(collect(admin.client.downloadArtifact({ studyId, sha256: ARTIFACT.sha256 })), Status.NOT_FOUND);
    const unknown = { studyId, trialId: "9", attempt: 1, trainer: TRAINER };
    const { outcome } = await trainer.client.acquireLease(unknown);
    assert.deepEqual(outcome, { $case: "refusal", value: LeaseRefusal.UNKNOWN_TRIAL });
  });

  it("refuses an upload whose bytes differ from its header, and a completion without weights", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    await report(key, 0, 0.5);
    const artifact = { ...ARTIFACT, sha256: "0".repeat(64) };
    async function* parts() {
      yield { part: { $case: "header" as const, value: { lease: key, artifact } } };
      yield { part: { $case: "chunk" as const, value: WEIGHTS } };
    }
    await assert.rejects(trainer.client.uploadArtifact(parts()), { code: Status.DATA_LOSS });
    const completion = trainer.client.completeTrial({ lease: key, weights: artifact });
    await assert.rejects(completion, { code: Status.NOT_FOUND });
  });

  it("instructs the trainer to stop when the study is stopped", async () => {
    await admin.client.createStudy({ spec: SPEC, studyId });
    const key = await lease();
    const { study } = await admin.client.stopStudy({ studyId, reason: "enough" });
    assert.equal(study?.state, StudyState.STOPPED);
    assert.equal(await report(key, 0, 0.5), Directive.STOP);
  });
});

/** Returns the key of a lease as a trainer has it. */
function leaseKeyOf({ studyId, trialId, attempt, token, secret }: LeaseKey) {
  return { studyId: studyIdOf(studyId), trialId: trialIdOf(trialId), attempt, token, secret };
}
