import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { MemoryLogCopies } from "../../adapters/memory/log-copies.js";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { specOf } from "../../core/scenario.fixture.js";
import type { StudyEvent } from "../../core/state/event.js";
import { replay } from "../recovery.js";
import type { Snapshot } from "../snapshot/encoding.js";
import { appendRecord, type ChainHead, EMPTY_CHAIN } from "../study/journal.js";
import { CopiedLog } from "./copied-log.js";

const STUDY = "study";

function queued(number: number): StudyEvent {
  return { type: "trial-queued", trialId: String(number), values: { stddev: number / 100 }, source: "random" };
}

/** The events of a study with some trials, one record each. */
function eventsOf(trials: number): StudyEvent[] {
  const created: StudyEvent = { type: "study-created", studyId: STUDY, spec: specOf() };
  return [created, ...Array.from({ length: trials }, (_, number) => queued(number))];
}

describe("a study log with its copy", () => {
  let copies: MemoryLogCopies;
  let lines: { message: string; [field: string]: unknown }[];

  beforeEach(() => {
    copies = new MemoryLogCopies();
    lines = [];
  });

  function open(log: MemoryStudyLog): CopiedLog {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    return new CopiedLog(log, copies, createLogger({ service: "c", instance: "t", level: "info", destination }));
  }

  async function write(log: MemoryStudyLog | CopiedLog, events: readonly StudyEvent[], from = EMPTY_CHAIN) {
    const logger = createLogger({ service: "c", instance: "t", level: "silent" });
    const { signal } = new AbortController();
    let head: ChainHead = from;
    for (const event of events) {
      const context = { logger, signal, clock: systemClock, timers: systemTimers, onFault: () => undefined };
      head = await appendRecord(log, head, { studyId: STUDY, at: 1_000, events: [event] }, context);
    }
    return head;
  }

  async function bodies(log: MemoryStudyLog): Promise<Uint8Array[]> {
    const read: Uint8Array[] = [];
    for await (const { body } of log.read(STUDY)) read.push(body);
    return read;
  }

  /** Returns a store with the given entries. */
  async function storeOf(entries: readonly Uint8Array[]): Promise<MemoryStudyLog> {
    const log = new MemoryStudyLog();
    let after = 0;
    for (const [index, body] of entries.entries()) {
      const result = await log.append(STUDY, body, { after, id: String(index) });
      if (result.kind === "appended") after = result.revision;
    }
    return log;
  }

  /** Replays as a coordinator does, with one attempt to mend. */
  async function replayed(log: CopiedLog) {
    const first = await replay(log, STUDY);
    const result = first.kind === "damaged" && (await log.mend(STUDY)) ? await replay(log, STUDY) : first;
    return result.kind === "study" ? result : assert.fail(result.damaged.reason);
  }

  async function whole(trials: number): Promise<Uint8Array[]> {
    const log = new MemoryStudyLog();
    await write(open(log), eventsOf(trials));
    return bodies(log);
  }

  it("gets every record that the store takes, and those of the time before the copy", async () => {
    const log = new MemoryStudyLog();
    const head = await write(log, eventsOf(1));
    const copied = open(log);
    await replayed(copied);
    await write(copied, [queued(1)], head);
    assert.deepEqual(copies.copies.get(STUDY), await bodies(log));
    assert.deepEqual(lines, []);
  });

  it("gives acknowledged records back that the store has lost, and says which", async () => {
    const entries = await whole(3);
    const older = await storeOf(entries.slice(0, 2));
    const { study, head } = await replayed(open(older));
    assert.equal(study.trials.length, 3);
    assert.deepEqual(await bodies(older), entries);
    assert.equal(head.revision, await older.revision(STUDY));
    const [{ message, from, to }] = lines as [(typeof lines)[0]];
    assert.deepEqual([from, to], [3, 4]);
    assert.equal(message, "acknowledged records are missing from the study log, restored from the copy");
  });

  it("gives a study back that the store has lost as a whole", async () => {
    const entries = await whole(2);
    const empty = new MemoryStudyLog();
    const copied = open(empty);
    assert.deepEqual(await copied.studies(), [STUDY]);
    assert.equal((await replayed(copied)).study.trials.length, 2);
    assert.deepEqual(await bodies(empty), entries);
  });

  for (const place of [0, 1, 2, 3]) {
    it(`is read instead of the damaged record ${place + 1} of 4, and the study goes on`, async () => {
      const entries = await whole(3);
      const flipped = Uint8Array.from(entries[place] as Uint8Array);
      flipped[40] = (flipped[40] as number) ^ 1;
      const damaged = await storeOf(entries.with(place, flipped));
      const copied = open(damaged);
      const { study, head } = await replayed(copied);
      assert.equal(study.trials.length, 3);
      assert.equal(lines.at(-1)?.message, "study log is damaged, its copy replaces the records");
      await write(copied, [queued(3)], head);
      const again = open(damaged);
      assert.equal((await replayed(again)).study.trials.length, 4);
    });
  }

  it("is read instead of a record that the store skips, and without what others wrote", async () => {
    const entries = await whole(3);
    const [first, , third, fourth] = entries as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const damaged = await storeOf([first, Buffer.from("garbage"), third, fourth, Buffer.from("{}")]);
    const copied = open(damaged);
    const { study, head } = await replayed(copied);
    assert.equal(study.trials.length, 3);
    await write(copied, [queued(3)], head);
    assert.equal((await replayed(open(damaged))).study.trials.length, 4);
  });

  it("is kept aside if the store goes on in another way", async () => {
    const entries = await whole(2);
    const other = await storeOf(entries.slice(0, 2));
    const { head } = await replayed(new CopiedLog(other, new MemoryLogCopies(), createLogger(SILENT)));
    await write(other, [{ ...queued(1), values: { stddev: 0.09 } } as StudyEvent], head);
    const copied = open(other);
    const { study } = await replayed(copied);
    assert.deepEqual(study.trials[1]?.values, { stddev: 0.09 });
    assert.equal(lines[0]?.["lost"], 1);
    assert.deepEqual(copies.copies.get(STUDY), await bodies(other));
  });

  describe("read from a snapshot on", () => {
    /** Returns the newest snapshot of a log, for a replay. */
    const from = (snapshot: Snapshot) => ({
      newest: async () => snapshot,
      ignore: (_: string, error: unknown) => void lines.push({ message: String(error) }),
      reportLost: () => assert.fail("nothing is lost"),
    });

    /** Returns the snapshot of a log after some of its records. */
    async function snapshotOf(entries: readonly Uint8Array[], count: number): Promise<Snapshot> {
      const result = await replay(await storeOf(entries.slice(0, count)), STUDY);
      return result.kind === "study" ? result : assert.fail(result.damaged.reason);
    }

    async function tail(log: CopiedLog, snapshot: Snapshot) {
      const result = await replay(log, STUDY, from(snapshot));
      return result.kind === "study" ? result : assert.fail(result.damaged.reason);
    }

    it("gets the later records into the copy", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 2);
      copies.copies.set(STUDY, entries.slice(0, 2));
      const { study, skipped } = await tail(open(await storeOf(entries)), snapshot);
      assert.deepEqual([study.trials.length, skipped, lines], [3, 2, []]);
      assert.deepEqual(copies.copies.get(STUDY), entries);
    });

    it("is read whole where the copy lacks records before the snapshot", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 3);
      copies.copies.set(STUDY, entries.slice(0, 1));
      assert.equal((await tail(open(await storeOf(entries)), snapshot)).study.trials.length, 3);
      assert.deepEqual(copies.copies.get(STUDY), entries);
    });

    it("gets records back that it has lost after the snapshot, and before it", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 3);
      for (const left of [3, 2, 0]) {
        copies.copies.set(STUDY, [...entries]);
        const older = await storeOf(entries.slice(0, left));
        const { study, skipped } = await tail(open(older), snapshot);
        assert.deepEqual([study.trials.length, skipped], [3, left < 3 ? 0 : 3], `${left} left`);
        assert.deepEqual(await bodies(older), entries);
      }
    });

    it("is checked when it is read whole later, and mended with its copy", async () => {
      const entries = await whole(3);
      const snapshot = await snapshotOf(entries, 4);
      copies.copies.set(STUDY, [...entries]);
      const flipped = Uint8Array.from(entries[1] as Uint8Array);
      flipped[40] = (flipped[40] as number) ^ 1;
      const copied = open(await storeOf(entries.with(1, flipped)));
      const { head, skipped } = await tail(copied, snapshot);
      assert.deepEqual([skipped, lines], [4, []]);
      const read: Uint8Array[] = [];
      for await (const { body } of copied.read(STUDY)) read.push(body);
      assert.deepEqual(read, entries);
      assert.equal(lines.at(-1)?.message, "study log is damaged, its copy replaces the records");
      await write(copied, [queued(3)], head);
      assert.equal((await replayed(copied)).study.trials.length, 4);
    });
  });

  it("does not mend a log without a copy", async () => {
    const copied = open(await storeOf([Buffer.from("garbage")]));
    assert.equal((await replay(copied, STUDY)).kind, "damaged");
    assert.equal(await copied.mend(STUDY), false);
  });

  it("is used as far as its own chain is whole", async () => {
    const entries = await whole(3);
    copies.copies.set(STUDY, entries.with(2, Buffer.from("{")));
    const older = await storeOf(entries.slice(0, 1));
    assert.equal((await replayed(open(older))).study.trials.length, 1);
    assert.ok(lines.some(({ message }) => message === "copy of study log is damaged"));
  });
});

const SILENT = { service: "c", instance: "t", level: "silent" } as const;
