import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Sha256 } from "@sintonia/protocol/names";
import { sha256Of, studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { type Clock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { Suggestion } from "@sintonia/tuning/oracle/contract/suggestion";
import { MemoryAssignmentQueue } from "../../adapters/memory/assignment-queue.js";
import { MemoryCheckpointStore } from "../../adapters/memory/checkpoint-store.js";
import { memoryCordons } from "../../adapters/memory/cordons.fixture.js";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import type { Answer } from "../../core/boundary/answer.js";
import { epochOf, RULES, selectionOf, specOf, TEST_RESULT, TTL_MS, WEIGHTS } from "../../core/scenario.fixture.js";
import type { Study } from "../../core/state/study.js";
import { type OracleService, QuestionDeadlineError, TooManyQuestionsError } from "../../ports/oracle-service.js";
import { RecordTooLargeError, StoreUnavailableError } from "../../ports/study-log.js";
import { OverloadedError } from "../study/waiting-inputs.js";
import { Coordinator } from "./coordinator.js";

/** A spec of one trial with a complete training plan. */
const SPEC = {
  ...specOf({ maxTrials: 1 }),
  model: { layers: [{ units: 10, activation: "softmax" }] },
  training: {
    optimizer: { type: "adam", learningRate: 0.001 },
    loss: "categorical_crossentropy",
    batchSize: 32,
    maxEpochs: 2,
    callbacks: [],
  },
};
const OTHER = studyIdOf("other");
const STUDY = studyIdOf("study");
const SUGGESTION: Suggestion = { values: { stddev: 0.05 }, source: "random" };

class ManualClock implements Clock {
  nowMs = 0;
  monotonicMs = (): number => this.nowMs;
  wallTime = (): Date => new Date(1_700_000_000_000 + this.nowMs);
}

describe("the coordinator", () => {
  let log: MemoryStudyLog;
  let queue: MemoryAssignmentQueue;
  let checkpoints: MemoryCheckpointStore;
  let clock: ManualClock;
  let ends: AbortController;
  let fatal: unknown[];
  let evaluations: number;
  let selections: number;
  let lines: string[];
  let evaluationFault: string | undefined;
  let stateFault: string | undefined;
  /** The waits between the attempts of an evaluation. */
  let asleep: Promise<void>;
  let wakeEvaluation: () => void;

  beforeEach(() => {
    log = new MemoryStudyLog();
    queue = new MemoryAssignmentQueue();
    checkpoints = new MemoryCheckpointStore();
    clock = new ManualClock();
    ends = new AbortController();
    fatal = [];
    evaluations = 0;
    selections = 0;
    lines = [];
    evaluationFault = undefined;
    stateFault = undefined;
    asleep = new Promise((resolve) => {
      wakeEvaluation = resolve;
    });
  });
  afterEach(() => ends.abort());

  function start(
    suggest: OracleService["suggest"] = async () => [SUGGESTION],
    leadership: { readonly confirmLeadership?: () => Promise<boolean> } = {},
  ): Coordinator {
    const evaluate = async () => {
      if (evaluationFault !== undefined) throw new Error(evaluationFault);
      evaluations += 1;
      return { test: TEST_RESULT, models: [WEIGHTS] };
    };
    const oracles: OracleService = {
      suggest,
      explain: async () => ({ suggestion: SUGGESTION }),
      importance: async () => undefined,
      slice: async () => undefined,
      contenders: async () => [],
      select: async () => {
        selections += 1;
        return selectionOf("0", 1);
      },
      close: async () => undefined,
    };
    return new Coordinator({
      log,
      queue,
      oracles,
      evaluator: { check: async () => undefined, evaluate },
      checkpoints,
      clock,
      timers: { ...systemTimers, after },
      rules: RULES,
      cordons: memoryCordons(),
      stateFault: () => stateFault,
      trainerSilenceMs: 1_000,
      tickMs: 1_000_000,
      logger: createLogger({
        service: "coordinator",
        instance: "test",
        level: "info",
        destination: { write: (line) => void lines.push(line) },
      }),
      signal: ends.signal,
      onFatal: (error) => fatal.push(error),
      ...leadership,
    });
  }

  /** The waits between evaluations end by hand, the shorter ones of retries by themselves. */
  function after(delayMs: number, task: () => void): () => void {
    if (delayMs < 1_000) return systemTimers.after(delayMs, task);
    void asleep.then(task);
    return () => undefined;
  }

  /** Holds the next readings of logs from their begin on. */
  function heldReading(): { readonly begun: Promise<void>; readonly goOn: () => void } {
    let begin = (): void => undefined;
    let goOn = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const read = log.read.bind(log);
    log.read = async function* (...args) {
      begin();
      await held;
      yield* read(...args);
    };
    return { begun, goOn };
  }

  /** Waits for an update of the study that meets a condition. */
  async function until(
    coordinator: Coordinator,
    wanted: (study: NonNullable<ReturnType<Coordinator["study"]>>) => boolean,
  ) {
    for await (const { study } of coordinator.watch(STUDY, AbortSignal.timeout(5_000)) ?? []) {
      if (wanted(study)) return study;
    }
    throw new Error("The study never came to look as wanted.");
  }

  async function created(coordinator: Coordinator) {
    await coordinator.create(SPEC, STUDY);
    await until(coordinator, (study) => study.trials[0]?.state === "queued");
  }

  async function leased(coordinator: Coordinator): Promise<LeaseKey> {
    const ask = { type: "acquire-lease", trialId: "0", attempt: 1, trainerId: "trainer-1" } as const;
    const answer = await coordinator.submit(STUDY, ask);
    assert.equal(answer?.kind, "granted");
    return { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token: 1 };
  }

  function report(coordinator: Coordinator, lease: LeaseKey, epoch: number): Promise<Answer | undefined> {
    return coordinator.submit(STUDY, { type: "report-epoch", lease, measurement: epochOf(epoch, 0.9) });
  }

  it("runs a study from its creation to its one evaluation", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    await report(coordinator, lease, 0);
    await coordinator.submit(STUDY, { type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    const study = await until(coordinator, ({ status }) => status === "completed");
    assert.deepEqual(study.test, TEST_RESULT);
    assert.equal(study.bestTrialId, "0");
    assert.deepEqual([selections, evaluations], [1, 1]);
    assert.deepEqual(fatal, []);
  });

  it("ends a study whose oracle fails for good, and asks the oracle once", async () => {
    let questions = 0;
    const coordinator = start(async () => {
      questions += 1;
      throw new TypeError("no such matrix");
    });
    await coordinator.create(SPEC, STUDY);
    const { message } = await until(coordinator, ({ status }) => status === "failed");
    assert.match(message ?? "", /The oracle failed: no such matrix/);
    assert.deepEqual([questions, fatal], [1, []]);
  });

  it("asks a busy oracle again, and does not end the search", async () => {
    const faults = [new TooManyQuestionsError(7), new QuestionDeadlineError(1_000)];
    const coordinator = start(async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      return [SUGGESTION];
    });
    await coordinator.create(SPEC, STUDY);
    const { oracleExhausted } = await until(coordinator, (study) => study.trials[0]?.state === "queued");
    assert.deepEqual([oracleExhausted, faults], [undefined, []]);
  });

  it("fails a trial that the queue will never take, and offers it once", async () => {
    let offers = 0;
    queue.publish = async () => {
      offers += 1;
      throw new RangeError("subject too long");
    };
    const coordinator = start();
    await coordinator.create(SPEC, STUDY);
    const { trials } = await until(coordinator, (study) => study.trials[0]?.state === "failed");
    assert.match(trials[0]?.message ?? "", /could not be offered to trainers: subject too long/);
    assert.equal(trials.length, offers);
    assert.deepEqual(fatal, []);
  });

  it("resumes a study after a restart and keeps the lease of its trainer", async () => {
    const first = start();
    await created(first);
    const lease = await leased(first);
    await report(first, lease, 0);
    const second = start();
    await second.recover();
    assert.equal(JSON.stringify(second.study(STUDY)), JSON.stringify(first.study(STUDY)));
    assert.deepEqual(await report(second, lease, 1), { kind: "continue" });
  });

  it("shows the same times after a restart, although the clock goes on while it stores", async () => {
    let reads = 0;
    clock.wallTime = () => new Date(1_700_000_000_000 + ++reads);
    const first = start();
    await created(first);
    await report(first, await leased(first), 0);
    const second = start();
    await second.recover();
    assert.equal(JSON.stringify(second.study(STUDY)), JSON.stringify(first.study(STUDY)));
  });

  it("ends if another coordinator has written, before it stops a trainer", async () => {
    const first = start();
    await created(first);
    const second = start();
    await second.recover();
    const lease = await leased(second);
    await assert.rejects(report(first, lease, 0), /Another coordinator writes to study study/);
    await assert.rejects(first.submit(STUDY, { type: "heartbeat", lease }), /Another coordinator/);
    assert.equal(fatal.length, 1);
    assert.deepEqual(await report(second, lease, 0), { kind: "continue" });
  });

  it("reads a study again that a former leader has written to, and keeps its watchers", async () => {
    let asked = 0;
    const confirmLeadership = async (): Promise<boolean> => {
      asked += 1;
      return asked > 1;
    };
    const former = start();
    await created(former);
    const leader = start(undefined, { confirmLeadership });
    await leader.recover();
    const seen = until(leader, (study) => study.trials[0]?.measurements.length === 1);
    const lease = await leased(former);
    const heartbeat = leader.submit(STUDY, { type: "heartbeat", lease });
    await assert.rejects(heartbeat, /Another coordinator writes to study study/);
    await until(leader, (study) => study.trials[0]?.state === "leased");
    assert.deepEqual(await report(leader, lease, 0), { kind: "continue" });
    await seen;
    assert.deepEqual([asked, fatal], [2, []]);
  });

  it("keeps the renewals of the time in which it reads a study again", async () => {
    const leader = start(undefined, { confirmLeadership: async () => true });
    await created(leader);
    const lease = await leased(leader);
    const other = start();
    await other.recover();
    await report(other, lease, 0);
    clock.nowMs += TTL_MS - 1;
    const reading = heldReading();
    await assert.rejects(report(leader, lease, 0), /Another coordinator writes to study study/);
    await reading.begun;
    assert.deepEqual(await leader.submit(STUDY, { type: "heartbeat", lease }), { kind: "continue" });
    reading.goOn();
    await until(leader, (study) => study.trials[0]?.measurements.length === 1);
    clock.nowMs += TTL_MS - 1;
    await leader.noteTrainer("trainer-2");
    assert.deepEqual(await leader.submit(STUDY, { type: "heartbeat", lease }), { kind: "continue" });
  });

  it("lets nobody take a log without its newest records for the whole one, and reads the study again", async () => {
    const coordinator = start(undefined, { confirmLeadership: async () => true });
    await created(coordinator);
    await leased(coordinator);
    const records = async () => {
      const read: unknown[] = [];
      for await (const record of coordinator.records(STUDY)) read.push(record);
      return read;
    };
    const all = await records();
    log.rollBack(1);
    await assert.rejects(records(), {
      name: "StoreUnavailableError",
      message: /lost the newest records of study study/,
    });
    await until(coordinator, (study) => study.trials[0]?.state === "queued");
    assert.deepEqual(await records(), all.slice(0, -1));
  });

  it("answers a repeated creation once the first record is stored", async () => {
    const coordinator = start();
    log.setAvailable(false);
    let isAnswered = false;
    const first = coordinator.create(SPEC, STUDY);
    const second = coordinator.create(SPEC, STUDY).finally(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isAnswered, false);
    log.setAvailable(true);
    assert.deepEqual([(await first).kind, (await second).kind], ["created", "existed"]);
  });

  it("answers heartbeats while the log is unavailable, and reports once it is available again", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    log.setAvailable(false);
    const reported = report(coordinator, lease, 0);
    clock.nowMs += TTL_MS - 1;
    assert.deepEqual(await coordinator.submit(STUDY, { type: "heartbeat", lease }), { kind: "continue" });
    log.setAvailable(true);
    assert.deepEqual(await reported, { kind: "continue" });
    clock.nowMs += TTL_MS - 1;
    await coordinator.noteTrainer("trainer-2");
    assert.equal(coordinator.study(STUDY)?.trials[0]?.state, "running", "the heartbeat's renewal was kept");
  });

  it("says to watchers why a study waits: for trainers, the disk, its log, for a waiting evaluation", async () => {
    const coordinator = start();
    await coordinator.create(SPEC, STUDY);
    const watched = coordinator.watch(STUDY, AbortSignal.timeout(5_000))?.[Symbol.asyncIterator]();
    const waits = async (reason: string | undefined): Promise<void> => {
      for (let update = await watched?.next(); update?.done === false; update = await watched?.next()) {
        if (coordinator.standing(update.value.study).waiting?.reason === reason) return;
      }
      assert.fail(`never waited for ${reason}`);
    };
    await waits("no-trainers");
    stateFault = "no space left on device";
    await coordinator.noteTrainer("trainer-0");
    await waits("state-folder");
    stateFault = undefined;
    await coordinator.noteTrainer("trainer-1");
    await waits(undefined);
    log.setAvailable(false);
    const lease = leased(coordinator);
    clock.nowMs += 1;
    while (coordinator.standing(coordinator.study(STUDY) as Study).waiting === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { waiting } = coordinator.standing(coordinator.study(STUDY) as Study);
    assert.match(waiting?.message ?? "", /^The study log cannot be written: /);
    log.setAvailable(true);
    evaluationFault = "t10k-images is away.";
    const key = await lease;
    await report(coordinator, key, 0);
    await coordinator.submit(STUDY, { type: "complete-trial", lease: key, weights: WEIGHTS, keptEpochs: [] });
    await waits("evaluation");
    evaluationFault = undefined;
    wakeEvaluation();
    assert.equal((await until(coordinator, ({ status }) => status === "completed")).evaluationFault, undefined);
    assert.deepEqual([evaluations, fatal], [1, []]);
  });

  it("sends watchers a queued trial again when its wait changes", async () => {
    const coordinator = start();
    await created(coordinator);
    await until(coordinator, ({ trials }) => trials.length === 1);
    const watched = coordinator.watch(STUDY, AbortSignal.timeout(5_000))?.[Symbol.asyncIterator]();
    await watched?.next();
    await coordinator.noteTrainer("trainer-2");
    const { value } = (await watched?.next()) ?? {};
    assert.deepEqual([...(value?.changedTrialIds ?? [])], ["0"]);
  });

  it("says in one line that a trainer is gone, with the trials that it held", async () => {
    const coordinator = start();
    await created(coordinator);
    await coordinator.noteTrainer("trainer-1");
    await leased(coordinator);
    lines.length = 0;
    clock.nowMs += TTL_MS;
    await coordinator.noteTrainer("trainer-2");
    await coordinator.noteTrainer("trainer-3");
    const gone = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === "trainer gone");
    assert.equal(gone.length, 1);
    const { level, trainerId, trials, silentSeconds, trainerCount } = gone[0];
    assert.deepEqual([level, trainerId, trials], ["warn", "trainer-1", ["study/0"]]);
    assert.deepEqual([silentSeconds, trainerCount], [1, 1]);
    assert.equal(coordinator.trainerCount(), 2);
    assert.equal(coordinator.study(STUDY)?.trials[0]?.state, "queued");
  });

  it("stores a step once even if the answer of the log is lost", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    log.loseNextAnswer();
    await report(coordinator, lease, 0);
    const second = start();
    await second.recover();
    assert.equal(second.study(STUDY)?.trials[0]?.measurements.length, 1);
  });

  it("answers unavailable and continues if it cannot check a refusal against the log", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    log.setAvailable(false);
    await assert.rejects(report(coordinator, { ...lease, token: 7 }, 0), StoreUnavailableError);
    log.setAvailable(true);
    assert.deepEqual(await report(coordinator, { ...lease, token: 7 }, 0), { kind: "lease-lost" });
    assert.deepEqual(fatal, []);
  });

  it("excludes a study whose log was changed, and continues the others", async () => {
    const first = start();
    await created(first);
    await first.create(SPEC, OTHER);
    const revision = await log.revision(STUDY);
    const forged = { version: 1, studyId: STUDY, sequence: 99, previous: "", at: 0, events: [] };
    await log.append(STUDY, Buffer.from(JSON.stringify(forged)), { after: revision, id: "forged" });
    const second = start();
    await second.recover();
    assert.equal(second.study(STUDY), undefined);
    assert.match(second.damagedStudy(STUDY)?.reason ?? "", /does not continue the chain/);
    assert.equal(second.study(OTHER)?.status, "active");
  });

  const strange: ReadonlyArray<[string, object | string, RegExp]> = [
    ["a record that is not JSON", "{", /is not JSON/],
    ["a first record without events", { version: 1 }, /is not a study record/],
    ["a first event other than study-created", { type: "search-ended" }, /begins with search-ended/],
    ["an event of an unknown type", { type: "trial-imagined" }, /unknown type "trial-imagined"/],
    ["an event named as a property of every object", { type: "constructor" }, /unknown type "constructor"/],
    ["an event without its fields", { type: "trial-queued", trialId: "0" }, /"trial-queued" whose field values/],
    ["an artifact whose checksum is a path", pathEvent(), /"checkpoint-saved" whose field artifact.sha256/],
  ];
  for (const [what, content, reason] of strange) {
    it(`sets a study aside that begins with ${what}, and continues the others`, async () => {
      const events = typeof content === "object" && "type" in content ? [content] : undefined;
      const record = { version: 1, studyId: OTHER, sequence: 1, previous: "", at: 0, events };
      const body = typeof content === "string" ? content : JSON.stringify(events === undefined ? content : record);
      await log.append(OTHER, Buffer.from(body), { after: 0, id: "strange" });
      await created(start());
      const second = start();
      await second.recover();
      assert.equal(second.study(STUDY)?.status, "active");
      assert.match(second.damagedStudy(OTHER)?.reason ?? "", reason);
      assert.match(second.damagedStudy(OTHER)?.advice ?? "", /Restore|Start the version/);
    });
  }

  it("sets a log aside whose name is no id of a study", async () => {
    for (const name of ["Not An Id", "..", "a.b", "\u001b[2J"]) {
      await log.append(name, Buffer.from("{}"), { after: 0, id: "odd" });
    }
    await created(start());
    const second = start();
    await second.recover();
    assert.equal(second.study(STUDY)?.status, "active");
    assert.equal(second.damagedStudies().length, 4);
    assert.match(second.damagedStudies()[0]?.reason ?? "", /no id of a study/);
  });

  it("sets a study aside that a later version wrote, and says which version to start", async () => {
    await log.append(OTHER, Buffer.from(JSON.stringify({ version: 2, studyId: OTHER })), { after: 0, id: "later" });
    const coordinator = start();
    await coordinator.recover();
    const { reason, advice } = coordinator.damagedStudy(OTHER) ?? {};
    assert.match(reason ?? "", /has version 2, this coordinator reads 1/);
    assert.match(advice ?? "", /Start the version of the coordinator that wrote it/);
  });

  it("refuses a new study under the id of one that is set aside, and goes on", async () => {
    await log.append(STUDY, Buffer.from("{}"), { after: 0, id: "strange" });
    const coordinator = start();
    await coordinator.recover();
    assert.equal((await coordinator.create(SPEC, STUDY)).kind, "damaged");
    assert.equal((await coordinator.create(SPEC, OTHER)).kind, "created");
    assert.deepEqual(fatal, []);
  });

  it("refuses an input whose record exceeds the limit of the log, and goes on", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    const metrics = { ...epochOf(0, 0.9).metrics, ["x".repeat(1_000_000)]: 1 };
    const measurement = { ...epochOf(0, 0.9), metrics };
    await assert.rejects(coordinator.submit(STUDY, { type: "report-epoch", lease, measurement }), RecordTooLargeError);
    assert.deepEqual(await report(coordinator, lease, 0), { kind: "continue" });
    const description = "x".repeat(1_000_000);
    await assert.rejects(coordinator.create({ ...SPEC, description }, OTHER), RecordTooLargeError);
    assert.equal(coordinator.study(OTHER), undefined);
    assert.equal((await coordinator.create(SPEC, OTHER)).kind, "created");
    assert.deepEqual(fatal, []);
  });

  it("refuses calls beyond its limit while the log stalls, and continues when it answers", async () => {
    const coordinator = start();
    await created(coordinator);
    const lease = await leased(coordinator);
    log.setAvailable(false);
    const calls = Array.from({ length: 1_500 }, () => report(coordinator, lease, 0));
    const creations = Array.from({ length: 200 }, (_, n) => coordinator.create(SPEC, studyIdOf(`new-${n}`)));
    const settled = Promise.allSettled([...calls, ...creations]);
    // The last calls are refused at once, while the others wait for the log.
    for (const refused of [calls.at(-1), creations.at(-1)])
      await assert.rejects(refused ?? assert.fail(), OverloadedError);
    log.setAvailable(true);
    const outcomes = await settled;
    assert.ok(outcomes.slice(0, 384).every(({ status }) => status === "fulfilled"));
    assert.ok(outcomes.slice(1_500, 1_600).every(({ status }) => status === "fulfilled"));
    assert.equal(coordinator.study(STUDY)?.trials[0]?.measurements.length, 1);
    assert.deepEqual(fatal, []);
  });

  async function store(text: string, owner = { studyId: STUDY, trialId: trialIdOf("0") }): Promise<Sha256> {
    const content = Buffer.from(text);
    const sha256 = sha256Of(createHash("sha256").update(content).digest("hex"));
    await checkpoints.put(Readable.from([content]), { sha256, sizeBytes: content.length }, owner);
    return sha256;
  }

  async function stored(): Promise<readonly Sha256[]> {
    return (await checkpoints.list()).map(({ sha256 }) => sha256);
  }

  it("deletes the checkpoints of ended trials when it starts, and no others", async () => {
    const first = start();
    await created(first);
    const lease = await leased(first);
    await report(first, lease, 0);
    const named = await store("named");
    const artifact = { kind: "checkpoint", sha256: named, sizeBytes: 5 } as const;
    await first.submit(STUDY, { type: "save-checkpoint", lease, artifact, execution: 0, epoch: 0 });
    const unsaved = await store("never saved");
    const foreign = await store("of a study that this log does not have", { studyId: OTHER, trialId: lease.trialId });
    await start().recover();
    assert.deepEqual(await stored(), [named, unsaved, foreign].sort());
    await first.submit(STUDY, { type: "fail-trial", lease, kind: "infeasible", message: "NaN." });
    await store("never saved");
    await start().recover();
    assert.deepEqual(await stored(), [foreign]);
  });

  it("deletes no checkpoint when it starts with an empty log", async () => {
    const sha256 = await store("of a study whose log is elsewhere");
    await start().recover();
    assert.deepEqual(await stored(), [sha256]);
  });

  it("deletes no checkpoint of a study that is set aside, and which may name it", async () => {
    const first = start();
    await created(first);
    const forged = { version: 1, studyId: STUDY, sequence: 99, previous: "", at: 0, events: [] };
    const after = await log.revision(STUDY);
    await log.append(STUDY, Buffer.from(JSON.stringify(forged)), { after, id: "forged" });
    const sha256 = await store("perhaps named");
    await start().recover();
    assert.deepEqual(await stored(), [sha256]);
  });

  it("returns the existing study for the same id and spec, and names the differences of another spec", async () => {
    const coordinator = start();
    await created(coordinator);
    assert.equal((await coordinator.create(SPEC, STUDY)).kind, "existed");
    const creation = await coordinator.create({ ...SPEC, seed: 24 }, STUDY);
    assert.deepEqual(creation, { kind: "conflict", differences: "seed" });
  });
});

function pathEvent(): object {
  const artifact = { kind: "checkpoint", sha256: "../../secret", sizeBytes: 1 };
  return { type: "checkpoint-saved", trialId: "0", artifact, execution: 0, epoch: 0 };
}
