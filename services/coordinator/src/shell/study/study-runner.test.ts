import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { systemTimers, type Timers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { create } from "../../core/apply.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { epochOf, RULES, specOf } from "../../core/scenario.fixture.js";
import { type AppendResult, RecordTooLargeError, type Revision, StoreUnavailableError } from "../../ports/study-log.js";
import { EMPTY_CHAIN, readRecords } from "./journal.js";
import { StudyRunner } from "./study-runner.js";
import { UndecidableInputError } from "./undecidable.js";
import { OverloadedError, WaitingInputs } from "./waiting-inputs.js";

const STUDY = studyIdOf("study");
const SUGGESTION = { values: { stddev: 0.05 }, source: "random" } as const;

/** A log that stores a record only when the test lets it, and takes records of a limited size. */
class HeldLog extends MemoryStudyLog {
  bytesMax = Number.POSITIVE_INFINITY;
  isHolding = false;
  isAway = false;
  isUnconfirmed = false;
  readonly #held: (() => void)[] = [];
  #onHeld: () => void = () => undefined;

  override async append(
    studyId: string,
    body: Uint8Array,
    position: { after: Revision; id: string },
  ): Promise<AppendResult> {
    if (this.isHolding) {
      const held = new Promise<void>((resolve) => this.#held.push(resolve));
      this.#onHeld();
      await held;
    }
    if (this.isAway) throw new StoreUnavailableError("the store is away");
    if (body.length > this.bytesMax) throw new RecordTooLargeError(studyId, body.length, this.bytesMax);
    return await super.append(studyId, body, position);
  }

  override async revision(studyId: string): Promise<Revision> {
    if (this.isUnconfirmed) throw new StoreUnavailableError("the store is away");
    return await super.revision(studyId);
  }

  /** Resolves when the next record is held. */
  nextHeld(): Promise<void> {
    return new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  release(): void {
    this.isHolding = false;
    for (const store of this.#held.splice(0)) store();
  }
}

/** Timers that note the delays and do not wait. Stopped ones run no task after a delay. */
class NotedTimers implements Timers {
  isStopped = false;
  readonly #delaysMs: number[] = [];
  readonly monotonicMs = (): number => 0;
  readonly random = (): number => 0;

  after(delayMs: number, task: () => void): () => void {
    this.#delaysMs.push(delayMs);
    return this.isStopped && delayMs > 0 ? () => undefined : systemTimers.after(0, task);
  }

  /** Returns the number of waits until the end of a turn. */
  turns(): number {
    return this.#delaysMs.length - this.waits().length;
  }

  /** Returns the delays so far, apart from those until the end of a turn. */
  waits(): readonly number[] {
    return this.#delaysMs.filter((delayMs) => delayMs > 0);
  }
}

/** A study with queued trials. */
async function startStudy(trials = 3, budget: Partial<StudySpec["budget"]> = {}) {
  const log = new HeldLog();
  const leadership = new AbortController();
  const published: string[][] = [];
  const timers = new NotedTimers();
  const clock = { nowMs: 0, monotonicMs: () => clock.nowMs, wallTime: () => new Date(1_000 + clock.wallMs), wallMs: 0 };
  const spec = specOf({ maxTrials: trials + 1, ...budget });
  const created = create({ type: "create-study", studyId: STUDY, spec }, { monotonicMs: 0, wallMs: 1_000 }, RULES);
  const runner = new StudyRunner(
    {
      log,
      clock,
      timers,
      rules: RULES,
      waiting: new WaitingInputs(clock),
      logger: createLogger({ service: "coordinator", instance: "test", level: "silent" }),
      signal: leadership.signal,
      onRecord: () => undefined,
      onEvents: (_, events) => published.push(events.map(({ type }) => type)),
      onEffects: () => undefined,
      onFatal: (error) => assert.fail(String(error)),
    },
    created.state,
    EMPTY_CHAIN,
  );
  await runner.begin(created);
  for (let trialNumber = 0; trialNumber < trials; trialNumber += 1) {
    const { eventCount: basis } = runner.study;
    await runner.submit({ type: "suggestions-ready", trialNumber, basis, suggestions: [SUGGESTION] });
  }
  return { log, runner, published, leadership, timers, clock };
}

const lease = (trial: number): StudyInput => ({
  type: "acquire-lease",
  trialId: trialIdOf(String(trial)),
  attempt: 1,
  trainerId: `t-${trial}`,
});

const report = (epoch: number): StudyInput => ({
  type: "report-epoch",
  lease: { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token: 1 },
  measurement: epochOf(epoch, 0.9),
});

/** Returns the types of the events in each record. */
async function recordsOf(log: HeldLog): Promise<string[][]> {
  const records: string[][] = [];
  for await (const { record } of readRecords(log, STUDY)) records.push(record.events.map(({ type }) => type));
  return records;
}

/** Returns an input without a field that the state machine needs. */
function broken(input: StudyInput, field: string): StudyInput {
  return Object.defineProperty({ ...input }, field, {
    get: () => {
      throw new TypeError("no such matrix");
    },
  });
}

test("an input that cannot be decided is refused alone, and the study goes on", async () => {
  const { runner } = await startStudy();
  const key = { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token: 1 };
  const faulty = broken({ type: "heartbeat", lease: key }, "lease");
  const results = await Promise.allSettled([lease(0), faulty, lease(1)].map((input) => runner.submit(input)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  const { reason } = results[1] as PromiseRejectedResult;
  assert.ok(reason instanceof UndecidableInputError);
  assert.equal(reason.message, "Study study cannot decide the input heartbeat: no such matrix");
  assert.deepEqual(
    runner.study.trials.map(({ state }) => state),
    ["leased", "leased", "queued"],
  );
});

test("a trial whose lease cannot be decided fails, with the reason, and is offered to nobody again", async () => {
  const { runner } = await startStudy();
  assert.deepEqual(await runner.submit(broken(lease(0), "secret")), { kind: "refused", reason: "trial-settled" });
  assert.equal(runner.study.trials[0]?.state, "failed");
  assert.match(runner.study.trials[0]?.message ?? "", /cannot decide the input acquire-lease: no such matrix$/);
  assert.equal((await runner.submit(lease(1))).kind, "granted");
});

test("inputs of one turn share a record, and those that arrive while it is being stored the next one", async () => {
  const { log, runner, published } = await startStudy(4);
  log.isHolding = true;
  const held = log.nextHeld();
  const first = [0, 1].map((trial) => runner.submit(lease(trial)));
  await held;
  const later = [2, 3].map((trial) => runner.submit(lease(trial)));
  const again = runner.submit(lease(0));
  assert.equal(runner.study.trials[0]?.state, "queued");
  log.release();
  assert.deepEqual(
    (await Promise.all([...first, ...later, again])).map(({ kind }) => kind),
    ["granted", "granted", "granted", "granted", "granted"],
  );
  const shared = ["lease-granted", "lease-granted"];
  assert.deepEqual((await recordsOf(log)).slice(-2), [shared, shared]);
  assert.deepEqual(published.slice(-4), [["lease-granted"], ["lease-granted"], ["lease-granted"], ["lease-granted"]]);
  assert.deepEqual(
    runner.study.trials.map(({ lease: granted }) => granted?.token),
    [1, 2, 3, 4],
  );
});

test("a record has the events of at most 64 inputs", async () => {
  const { log, runner } = await startStudy(130);
  await Promise.all(runner.study.trials.map(({ number }) => runner.submit(lease(number))));
  assert.deepEqual(
    (await recordsOf(log)).slice(-3).map(({ length }) => length),
    [64, 64, 2],
  );
});

test("under load the next record waits for further reports, and a single report waits for none", async () => {
  const { runner, timers } = await startStudy();
  const leases = [await runner.submit(lease(0)), await runner.submit(lease(1))];
  const report = (trial: number, epoch: number): Promise<unknown> => {
    const answer = leases[trial];
    assert.ok(answer?.kind === "granted");
    const key = { studyId: STUDY, trialId: trialIdOf(String(trial)), attempt: 1, token: answer.lease.token };
    return runner.submit({ type: "report-epoch", lease: key, measurement: epochOf(epoch, 0.5) });
  };
  await report(0, 0);
  assert.deepEqual(timers.waits(), []);
  await Promise.all([report(0, 1), report(1, 0)]);
  await report(0, 2);
  assert.deepEqual(timers.waits(), [10]);
});

test("under load a trainer without work waits for no report", async () => {
  const { runner, timers } = await startStudy();
  timers.isStopped = true;
  await Promise.all([runner.submit(lease(0)), runner.submit(lease(1))]);
  assert.deepEqual(timers.waits(), [10]);
  assert.equal((await runner.submit(lease(2))).kind, "granted");
});

test("a heartbeat renews its lease while a record is being stored", async () => {
  const { log, runner, clock } = await startStudy();
  const answer = await runner.submit(lease(0));
  assert.ok(answer.kind === "granted");
  const { token } = answer.lease;
  log.isHolding = true;
  const held = log.nextHeld();
  const other = runner.submit(lease(1));
  await held;
  clock.nowMs = 900;
  const key = { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token };
  assert.deepEqual(await runner.heartbeat({ type: "heartbeat", lease: key }), { kind: "continue" });
  log.release();
  await other;
  assert.deepEqual(
    runner.leaseTimes().map(({ remainingMs }) => remainingMs),
    [RULES.leaseTtlMs, RULES.leaseTtlMs - 900],
  );
});

test("a heartbeat that finds a budget of time spent is stored like every other input", async () => {
  const { runner, published, clock } = await startStudy(1, { maxSeconds: 5 });
  const answer = await runner.submit(lease(0));
  assert.ok(answer.kind === "granted");
  const key = { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token: answer.lease.token };
  clock.wallMs = 5_000;
  await runner.heartbeat({ type: "heartbeat", lease: key });
  assert.deepEqual(published.at(-1), ["budget-spent", "trial-cancelled", "study-ended"]);
  assert.equal(runner.study.status, "failed");
});

test("a heartbeat renews no lease whose end is being stored", async () => {
  const { log, runner, clock } = await startStudy();
  const answer = await runner.submit(lease(0));
  assert.ok(answer.kind === "granted");
  const key = { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token: answer.lease.token };
  log.isHolding = true;
  const held = log.nextHeld();
  clock.nowMs = RULES.leaseTtlMs;
  const tick = runner.tick({ type: "tick", capacity: 1, trainerIds: ["trainer-1"] });
  await held;
  const heartbeat = runner.heartbeat({ type: "heartbeat", lease: key });
  log.release();
  await tick;
  assert.deepEqual(await heartbeat, { kind: "lease-lost" });
});

test("inputs whose events do not fit into one record get one each", async () => {
  const { log, runner } = await startStudy();
  log.isHolding = true;
  const answers = [0, 1, 2].map((trial) => runner.submit(lease(trial)));
  log.bytesMax = 300;
  log.release();
  assert.deepEqual(
    (await Promise.all(answers)).map(({ kind }) => kind),
    ["granted", "granted", "granted"],
  );
  assert.deepEqual((await recordsOf(log)).slice(-3), [["lease-granted"], ["lease-granted"], ["lease-granted"]]);
});

test("an input that does not fit alone is refused, and those beside it are answered", async () => {
  const { log, runner } = await startStudy();
  log.isHolding = true;
  const first = runner.submit(lease(0));
  const long = { ...lease(1), trainerId: "t".repeat(500) } as StudyInput;
  const [refused, last] = [runner.submit(long), runner.submit(lease(2))];
  log.bytesMax = 300;
  log.release();
  await assert.rejects(refused, RecordTooLargeError);
  assert.deepEqual([(await first).kind, (await last).kind], ["granted", "granted"]);
  assert.deepEqual(
    runner.study.trials.map(({ state }) => state),
    ["leased", "queued", "leased"],
  );
});

test("without the store, only answers that depend on the log of others are refused", async () => {
  const { log, runner } = await startStudy();
  const granted = await runner.submit(lease(0));
  assert.equal(granted.kind, "granted");
  const { token } = (granted as { lease: { token: number } }).lease;
  const key = { studyId: STUDY, trialId: trialIdOf("0"), attempt: 1, token };
  log.isHolding = true;
  const held = log.nextHeld();
  const first = runner.submit(lease(1));
  // The lease of trial 1 then has a record of its own.
  await held;
  const waiting = [
    runner.submit({ type: "heartbeat", lease: key }),
    runner.submit({ type: "heartbeat", lease: { ...key, token: token + 10 } }),
    runner.submit({ type: "heartbeat", lease: key }),
  ];
  log.isUnconfirmed = true;
  log.release();
  await first;
  const outcomes = await Promise.allSettled(waiting);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.kind : outcome.reason.message)),
    ["continue", "the store is away", "continue"],
  );
});

test("refuses inputs beyond the limit of those that wait", async () => {
  const { log, runner } = await startStudy();
  log.isHolding = true;
  const waiting = Array.from({ length: 1_000 }, () => runner.submit(lease(0)));
  await assert.rejects(runner.submit(lease(0)), OverloadedError);
  log.release();
  await Promise.all(waiting);
});

test("refuses reports beyond those of the process that wait, and accepts them once these are answered", async () => {
  const { log, runner } = await startStudy();
  log.isHolding = true;
  const waiting = Array.from({ length: 384 }, (_, epoch) => runner.submit(report(epoch)));
  await assert.rejects(runner.submit(report(384)), OverloadedError);
  const granted = runner.submit(lease(0));
  log.release();
  await Promise.all([...waiting, granted]);
  assert.equal((await runner.submit(report(0))).kind, "continue");
});

test("the end of a leadership refuses the record that waits for the store, and ends no process", async () => {
  const { log, runner, leadership } = await startStudy();
  const reason = new Error("this coordinator no longer leads");
  log.isAway = true;
  const waiting = runner.submit(lease(0));
  leadership.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  await assert.rejects(runner.submit(lease(1)), (error) => error === reason);
});

test("a tick without consequences takes no turn; one with events is stored, after the inputs before it", async () => {
  const { log, runner, published, clock, timers } = await startStudy(1);
  const tick = { type: "tick", capacity: 0, trainerIds: [] } as const;
  const [stored, turns] = [published.length, timers.turns()];
  await runner.tick({ ...tick, trainerIds: ["t-0"] });
  await runner.tick(tick);
  assert.deepEqual([published.length, timers.turns()], [stored, turns]);
  log.isHolding = true;
  const held = log.nextHeld();
  const granted = runner.submit(lease(0));
  await held;
  clock.nowMs = RULES.leaseTtlMs;
  const ticked = runner.tick(tick);
  log.release();
  assert.equal((await granted).kind, "granted");
  await ticked;
  assert.deepEqual(published.slice(-2), [["lease-granted"], ["trial-requeued"]]);
  assert.equal((await runner.submit({ ...lease(0), attempt: 2 } as StudyInput)).kind, "granted");
  clock.nowMs *= 2;
  await setImmediate();
  await runner.tick(tick);
  assert.deepEqual(published.slice(-2), [["lease-granted"], ["trial-requeued"]]);
});
