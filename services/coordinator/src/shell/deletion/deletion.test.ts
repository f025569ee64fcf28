import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Sha256 } from "@sintonia/protocol/names";
import { sha256Of, studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { Suggestion } from "@sintonia/tuning/oracle/contract/suggestion";
import { MemoryArtifactStore } from "../../adapters/memory/artifact-store.js";
import { MemoryAssignmentQueue } from "../../adapters/memory/assignment-queue.js";
import { MemoryCheckpointStore } from "../../adapters/memory/checkpoint-store.js";
import { memoryCordons } from "../../adapters/memory/cordons.fixture.js";
import { MemoryFileStore } from "../../adapters/memory/file-store.js";
import { MemoryLogCopies } from "../../adapters/memory/log-copies.js";
import { MemoryOutputStore } from "../../adapters/memory/output-store.js";
import { MemorySnapshotStore } from "../../adapters/memory/snapshot-store.js";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { epochOf, RULES, selectionOf, specOf, TEST_RESULT } from "../../core/scenario.fixture.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import type { StudyImport } from "../import/checked-import.js";
import { CopiedLog } from "../log-copy/copied-log.js";
import { Coordinator } from "../running/coordinator.js";
import { Snapshots } from "../snapshot/snapshots.js";
import { COLLECTION_AGE_MS, Collection } from "./collection.js";
import { eraser, type PresentStudies } from "./erasure.js";

const STUDY = studyIdOf("study");
const OTHER = studyIdOf("other");
const SUGGESTION: Suggestion = { values: { stddev: 0.05 }, source: "random" };
const OUTPUT = { offset: 0, bytes: Buffer.from("output") };

/** The spec of a study of one trial. */
const SPEC = specOf({ maxTrials: 1 });

/** What outlives a process: the log, its copies and the state folder. */
class Stores {
  nowMs = 1_700_000_000_000;
  readonly clock = { monotonicMs: () => 0, wallTime: () => new Date(this.nowMs) };
  readonly log = new MemoryStudyLog();
  readonly copies = new MemoryLogCopies();
  readonly artifacts = new MemoryArtifactStore(this.clock);
  readonly checkpoints = new MemoryCheckpointStore(this.clock);
  readonly files = new MemoryFileStore(this.clock);
  readonly outputs = new MemoryOutputStore();
  readonly snapshots = new MemorySnapshotStore();
}

async function put(store: MemoryArtifactStore, text: string) {
  const bytes = Buffer.from(text);
  const key = { sha256: shaOf(text), sizeBytes: bytes.length };
  await store.put(Readable.from([bytes]), key);
  return { kind: "weights", ...key } as const;
}

function shaOf(text: string): Sha256 {
  return sha256Of(createHash("sha256").update(text).digest("hex"));
}

describe("the deletion of a study", () => {
  let stores: Stores;
  let ends: AbortController;
  let lines: { message: string; [field: string]: unknown }[];
  let fatal: unknown[];

  beforeEach(() => {
    stores = new Stores();
    ends = new AbortController();
    lines = [];
    fatal = [];
  });
  afterEach(() => {
    ends.abort();
    assert.deepEqual(fatal, []);
  });

  /** Starts a coordinator on the stores; the former one is dead. */
  async function start(changes: Partial<Stores> = {}): Promise<Coordinator> {
    ends.abort();
    ends = new AbortController();
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    const logger = createLogger({ service: "c", instance: "t", level: "info", destination });
    const { clock } = stores;
    const used = { ...stores, ...changes, clock };
    const log = new CopiedLog(used.log, used.copies, logger);
    const present: PresentStudies = {
      studies: () => coordinator.studies(),
      damagedStudies: () => coordinator.damagedStudies(),
    };
    const snapshots = new Snapshots({ store: used.snapshots, clock, logger, signal: ends.signal });
    const models = [await put(stores.artifacts, "model")];
    const coordinator: Coordinator = new Coordinator({
      log,
      mending: log,
      snapshots,
      eraseStudy: eraser({ ...used, log, snapshots, logger }, present),
      queue: new MemoryAssignmentQueue(),
      oracles: {
        suggest: async () => [SUGGESTION],
        explain: async () => ({ suggestion: SUGGESTION }),
        importance: async () => undefined,
        slice: async () => undefined,
        contenders: async () => [],
        select: async () => selectionOf("0", 1),
        close: async () => undefined,
      },
      evaluator: { check: async () => undefined, evaluate: async () => ({ test: TEST_RESULT, models }) },
      checkpoints: used.checkpoints,
      clock,
      timers: systemTimers,
      rules: RULES,
      cordons: memoryCordons(),
      stateFault: () => undefined,
      trainerSilenceMs: 1_000,
      tickMs: 1_000_000,
      logger,
      signal: ends.signal,
      onFatal: (error) => fatal.push(error),
    });
    await coordinator.recover();
    return coordinator;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise(setImmediate);
  }

  /** Runs a study to its end; its trial leaves weights and output. */
  async function complete(coordinator: Coordinator, studyId = STUDY, weights = `weights of ${studyId}`) {
    await coordinator.create({ ...SPEC, name: studyId }, studyId);
    await coordinator.noteTrainer("trainer-1");
    const trialId = trialIdOf("0");
    await until(() => coordinator.study(studyId)?.trials.length === 1);
    const granted = await coordinator.submit(studyId, {
      type: "acquire-lease",
      trialId,
      attempt: 1,
      trainerId: "trainer-1",
      secret: `secret of ${stores.nowMs}`,
    });
    if (granted?.kind !== "granted") return assert.fail(JSON.stringify(granted));
    const { token, secret = "" } = granted.lease;
    const lease = { studyId, trialId, attempt: 1, token, secret };
    await coordinator.submit(studyId, { type: "report-epoch", lease, measurement: epochOf(0, 0.9) });
    await stores.outputs.append(lease, OUTPUT);
    const artifact = await put(stores.artifacts, weights);
    await coordinator.submit(studyId, { type: "complete-trial", lease, weights: artifact, keptEpochs: [] });
    await until(() => coordinator.study(studyId)?.status === "completed");
    return lease;
  }

  async function recordsOf(studyId: string): Promise<string[]> {
    const bodies: string[] = [];
    for await (const { body } of stores.log.read(studyId)) bodies.push(Buffer.from(body).toString());
    return bodies;
  }

  /** Asserts that nothing is left of the study but its tombstone. */
  async function assertErased(): Promise<void> {
    assert.equal((await recordsOf(STUDY)).length, 1);
    assert.equal(stores.copies.copies.get(STUDY)?.length, 1);
    assert.deepEqual(await stores.outputs.studies(), []);
    assert.equal(stores.snapshots.snapshots.size, 0);
  }

  it("erases everything of the study, and nothing that another study names", async () => {
    const coordinator = await start();
    await complete(coordinator);
    await complete(coordinator, OTHER, "weights of other");
    await put(stores.artifacts, "weights of study");
    assert.equal((await coordinator.delete(STUDY, false)).kind, "deleted");
    assert.equal(coordinator.study(STUDY), undefined);
    assert.deepEqual(
      coordinator.studies().map(({ id }) => id),
      [OTHER],
    );
    assert.deepEqual(await stores.artifacts.list(), [shaOf("model"), shaOf("weights of other")].toSorted());
    assert.deepEqual(await stores.outputs.studies(), [OTHER]);
    const again = await start();
    assert.deepEqual(
      again.studies().map(({ id }) => id),
      [OTHER],
    );
    assert.equal((await again.delete(STUDY, false)).kind, "deleted");
    assert.equal((await again.delete(studyIdOf("unknown"), false)).kind, "unknown");
  });

  it("keeps what a trainer of an open study may have uploaded as well, until the upload is old", async () => {
    const coordinator = await start();
    await complete(coordinator);
    await coordinator.create({ ...SPEC, name: "other" }, OTHER);
    await coordinator.delete(STUDY, false);
    assert.ok((await stores.artifacts.list()).includes(shaOf("weights of study")));
  });

  it("refuses an open study, and cancels it on request", async () => {
    const coordinator = await start();
    await coordinator.create(SPEC, STUDY);
    assert.equal((await coordinator.delete(STUDY, false)).kind, "open");
    assert.notEqual(coordinator.study(STUDY), undefined);
    assert.equal((await coordinator.delete(STUDY, true)).kind, "deleted");
    await assertErased();
  });

  const steps: readonly [string, (isBroken: () => boolean) => Partial<Stores>][] = [
    ["the output", (isBroken) => ({ outputs: faulty(stores.outputs, "deleteStudy", isBroken) })],
    ["the checkpoints", (isBroken) => ({ checkpoints: faulty(stores.checkpoints, "list", isBroken) })],
    ["the artifacts", (isBroken) => ({ artifacts: faulty(stores.artifacts, "collect", isBroken) })],
    ["the snapshot", (isBroken) => ({ snapshots: faulty(stores.snapshots, "delete", isBroken) })],
    ["the copy", (isBroken) => ({ copies: faulty(stores.copies, "replace", isBroken) })],
    ["the log", (isBroken) => ({ log: faulty(stores.log, "erase", isBroken) })],
  ];
  for (const [step, broken] of steps) {
    it(`is completed by the next start if the process ends before it erases ${step}`, async () => {
      await complete(await start());
      let hasBegun = false;
      const dying = await start(broken(() => hasBegun));
      hasBegun = true;
      await assert.rejects(dying.delete(STUDY, false), StoreUnavailableError);
      const next = await start();
      assert.deepEqual(next.studies(), []);
      await next.eraseDeleted();
      await assertErased();
      stores.nowMs += COLLECTION_AGE_MS + 1;
      await collectionOf(next).collect();
      assert.deepEqual(await stores.artifacts.list(), []);
    });
  }

  it("gives the id free, and refuses late trainers of the deleted study", async () => {
    const coordinator = await start();
    const late = await complete(coordinator);
    await coordinator.delete(STUDY, false);
    assert.equal(await coordinator.submit(STUDY, { type: "heartbeat", lease: late }), undefined);
    stores.nowMs += 1_000;
    const lease = await complete(coordinator, STUDY, "weights of the next");
    assert.deepEqual(await coordinator.submit(STUDY, { type: "heartbeat", lease: late }), { kind: "lease-lost" });
    assert.deepEqual(await coordinator.submit(STUDY, { type: "heartbeat", lease }), { kind: "stop" });
    const again = await start();
    assert.equal(again.study(STUDY)?.status, "completed");
    assert.equal(again.study(STUDY)?.createdAt, stores.nowMs);
    assert.equal(again.deletedStudy(STUDY), undefined);
    await again.eraseDeleted();
    assert.deepEqual(await stores.outputs.studies(), [STUDY]);
  });

  it("is completed before another study gets the id", async () => {
    await complete(await start());
    let hasBegun = false;
    const dying = await start({ outputs: faulty(stores.outputs, "deleteStudy", () => hasBegun) });
    hasBegun = true;
    await assert.rejects(dying.delete(STUDY, false), StoreUnavailableError);
    const next = await start();
    await next.create(SPEC, STUDY);
    assert.deepEqual(await stores.outputs.studies(), []);
    const [first = "", second = ""] = await recordsOf(STUDY);
    assert.match(first, /study-deleted/);
    assert.match(second, /study-created/);
  });

  it("gives the id to an import, whose repeat completes what NATS has interrupted", async () => {
    let isAway = false;
    let appends = 0;
    const coordinator = await start({ log: faulty(stores.log, "append", () => isAway && ++appends > 1) });
    await complete(coordinator);
    const records = await recordsOf(STUDY);
    const incoming = importOf(records);
    await coordinator.delete(STUDY, false);
    const [tombstone] = await recordsOf(STUDY);
    isAway = true;
    await assert.rejects(coordinator.importStudy(incoming()), StoreUnavailableError);
    assert.equal(coordinator.study(STUDY), undefined);
    isAway = false;
    const { study, existed } = await coordinator.importStudy(incoming());
    assert.deepEqual([study.status, existed], ["completed", false]);
    assert.deepEqual(await recordsOf(STUDY), [tombstone, ...records]);
  });

  it("takes a study whose import NATS has interrupted, so that no start brings it back", async () => {
    let isAway = false;
    const coordinator = await start({ log: faulty(stores.log, "append", () => isAway) });
    await complete(coordinator);
    const incoming = importOf(await recordsOf(STUDY));
    await coordinator.delete(STUDY, false);
    isAway = true;
    await assert.rejects(coordinator.importStudy(incoming()), StoreUnavailableError);
    await assert.rejects(coordinator.delete(STUDY, false), StoreUnavailableError);
    isAway = false;
    assert.equal((await coordinator.delete(STUDY, false)).kind, "deleted");
    await assertErased();
    assert.deepEqual((await start()).studies(), []);
  });

  it("takes a study that is set aside", async () => {
    await stores.log.append(STUDY, Buffer.from("{"), { after: 0, id: "damaged" });
    const coordinator = await start();
    assert.equal(coordinator.damagedStudies().length, 1);
    assert.equal((await coordinator.delete(STUDY, false)).kind, "deleted");
    await assertErased();
    const again = await start();
    assert.deepEqual([again.damagedStudies(), again.studies()], [[], []]);
    await complete(again);
  });

  it("is completed if the process ends in the deletion of a study that is set aside", async () => {
    await stores.log.append(STUDY, Buffer.from("{"), { after: 0, id: "damaged" });
    const dying = await start({ copies: faulty(stores.copies, "replace", () => true) });
    await assert.rejects(dying.delete(STUDY, false), StoreUnavailableError);
    const next = await start();
    assert.deepEqual([next.damagedStudies(), next.studies()], [[], []]);
    await next.eraseDeleted();
    await assertErased();
  });

  function collectionOf(coordinator: Coordinator): Collection {
    const logger = createLogger({
      service: "c",
      instance: "t",
      level: "info",
      destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
    });
    return new Collection({ ...stores, timers: systemTimers, logger, signal: ends.signal }, coordinator);
  }

  describe("collects", () => {
    it("nothing that a study names, and what nothing names once it is old", async () => {
      const coordinator = await start();
      await complete(coordinator);
      await put(stores.artifacts, "orphan");
      await stores.outputs.append({ studyId: OTHER, trialId: trialIdOf("0"), attempt: 1 }, OUTPUT);
      const collection = collectionOf(coordinator);
      await collection.collect();
      assert.equal((await stores.artifacts.list()).length, 3);
      assert.deepEqual(await stores.outputs.studies(), [STUDY]);
      stores.nowMs += COLLECTION_AGE_MS + 1;
      await collection.collect();
      assert.deepEqual(await stores.artifacts.list(), [shaOf("model"), shaOf("weights of study")].toSorted());
      const { message, artifacts, sizeBytes, removedCount, removedBytes } = lines.at(-1) ?? assert.fail();
      assert.equal(message, "content that nothing names deleted");
      assert.deepEqual([artifacts, sizeBytes, removedCount, removedBytes], [1, 6, 2, 6]);
    });

    it("no artifact while a study is set aside, which may name it", async () => {
      await stores.log.append(STUDY, Buffer.from("{"), { after: 0, id: "damaged" });
      await put(stores.artifacts, "orphan");
      const coordinator = await start();
      stores.nowMs += COLLECTION_AGE_MS + 1;
      await collectionOf(coordinator).collect();
      assert.ok((await stores.artifacts.list()).includes(shaOf("orphan")));
    });

    it("the checkpoints of unknown studies, and none of a study that is set aside", async () => {
      await stores.log.append(STUDY, Buffer.from("{"), { after: 0, id: "damaged" });
      for (const [studyId, text] of [
        [STUDY, "kept"],
        [OTHER, "orphan"],
      ] as const) {
        const key = { sha256: shaOf(text), sizeBytes: text.length };
        const owner = { studyId, trialId: trialIdOf("0") };
        await stores.checkpoints.put(Readable.from([Buffer.from(text)]), key, owner);
      }
      const coordinator = await start();
      await collectionOf(coordinator).collect();
      assert.equal((await stores.checkpoints.list()).length, 2);
      stores.nowMs += COLLECTION_AGE_MS + 1;
      await collectionOf(coordinator).collect();
      assert.deepEqual(
        (await stores.checkpoints.list()).map(({ sha256 }) => sha256),
        [shaOf("kept")],
      );
    });
  });
});

/** Returns a function that begins an import of the study without artifacts. */
function importOf(records: readonly string[]): () => StudyImport {
  return () => ({
    studyId: STUDY,
    digest: shaOf(records.at(-1) ?? ""),
    records: Readable.from(records.map((body) => Buffer.from(body))),
    artifacts: Readable.from([]),
    put: async () => undefined,
  });
}

/** Returns a store of which one method fails while `isBroken` says so. */
function faulty<S extends object>(store: S, method: keyof S, isBroken: () => boolean): S {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === method && isBroken()) return () => Promise.reject(new StoreUnavailableError("the process ends"));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
